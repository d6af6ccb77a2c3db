package http1

import "bytes"

// inside is what a body of known length has in it: if the length is too large, and the
// client does not wait for answers, the next messages are in the body.
type inside struct {
	version int   // how many letters of a version the last bytes were
	heads   int   // versions seen
	passed  int64 // bytes that nobody has looked at, and that may have some
	ends    int64 // where the body ended; 0: it did not
}

// pass notes that the next n bytes of the body are not looked at.
func (in *inside) pass(n int64) {
	in.version = 0
	in.passed += n
}

// look looks at the next bytes of the body.
func (in *inside) look(b []byte) {
	const version = "HTTP/1."
	for len(b) > 0 {
		if in.version == 0 {
			i := bytes.IndexByte(b, version[0])
			if i < 0 {
				return
			}
			b = b[i:]
		}
		if b[0] == version[in.version] {
			in.version++
		} else if in.version = 0; b[0] == version[0] {
			continue
		}
		if in.version == len(version) {
			in.version = 0
			in.heads++
		}
		b = b[1:]
	}
}
