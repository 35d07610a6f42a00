def cases():
	return []
