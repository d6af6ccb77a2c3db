package equivalent

// Lines around calls.
const (
	shown     = "print(%s)"
	ofID      = "print(%s.id)"
	textOf    = "print(%s.text)"
	headOf    = "print(%s.headers)"
	rawText   = "print(%s.decode(errors='replace'), end='')"
	built     = "image, log = %s\nfor item in log:\n    print(item)"
	silent    = "%s" // it returns nothing
	forEach   = "for item in %s:\n    print(item)"
	intoFile  = "with open('answer.tar', 'wb') as f:\n    f.writelines(%s)"
	intoFile1 = "with open('answer.tar', 'wb') as f:\n    f.writelines(%s[0])"
	attrs     = "print(%s.attrs)"
)
