package form

// Matcher finds the forms in a stream that comes in pieces, however it is cut.
// It never holds anything back: of a secret that is cut, the pieces are masked
// one by one. What may be the beginning of a secret at the end of a piece is
// masked, even if what follows shows that it was none. Its zero value is ready.
type Matcher struct {
	tail   [maxPrefix]byte // the end of what went by: a prefix may be cut
	kept   uint8           // how much of tail is used
	secret secret          // of the secret that the last piece ended in
}

// scan returns the secrets in b, the next piece of the stream, in order,
// behind hits. last says that nothing follows.
func (m *Matcher) scan(hits []hit, b []byte, last bool) []hit {
	i := 0
	if m.secret.form != nil {
		hits, i = m.secret.take(hits, b, -1, 0, last)
	}
	if m.secret.form == nil && m.kept > 0 {
		hits, i = m.join(hits, b, last)
	}
	for m.secret.form == nil && i < len(b) {
		f := find(b[i:])
		if f.form == nil {
			break
		}
		hits, i = m.begin(hits, f, b, i, last)
	}
	if !last {
		m.remember(b, i)
	}
	return hits
}

// remember keeps the end of b[i:]; if i is 0, that goes on with what was kept.
func (m *Matcher) remember(b []byte, i int) {
	if i > 0 {
		m.kept = 0
	}
	b = b[max(i, len(b)-maxPrefix):]
	keep := min(int(m.kept), maxPrefix-len(b))
	copy(m.tail[:], m.tail[int(m.kept)-keep:m.kept])
	m.kept = uint8(keep + copy(m.tail[keep:], b))
}

// join looks for prefixes that began before b and end in it. It returns how
// far it came in b.
func (m *Matcher) join(hits []hit, b []byte, last bool) ([]hit, int) {
	var buf [2 * maxPrefix]byte
	n := copy(buf[:], m.tail[:m.kept])
	joint := buf[:n+copy(buf[n:], b[:min(len(b), maxPrefix)])]
	i := 0
	for at := 0; at < len(joint); {
		f := find(joint[at:])
		if f.form == nil || at+f.start >= n {
			break
		}
		before := at - n
		if at += f.end; at > n {
			hits, i = m.begin(hits, f, b, before, last)
			if m.secret.form != nil {
				break
			}
			at = n + i
		}
	}
	return hits, i
}

// begin takes the secret whose prefix is f, seen from b[i:], and returns where to
// look on. A negative i is before b.
func (m *Matcher) begin(hits []hit, f begun, b []byte, i int, last bool) ([]hit, int) {
	m.kept = 0
	m.secret.begin(f)
	return m.secret.take(hits, b, max(i+f.start, -1), i+f.end, last)
}
