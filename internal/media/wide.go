package media

// Wide returns the charset of the body b of type t if its characters have several
// bytes each, and how many bytes only mark that; ok is false if it is in another.
func (t Type) Wide(b []byte) (c Charset, mark int, ok bool) {
	m := Marked(b, true)
	if m.Charset != "" {
		c, _ = CharsetNamed(m.Charset)
		return c, m.Size, true
	}
	label, _ := CharsetNamed(t.Charset)
	switch {
	case !label.Wide() || m.Size > 0 || IsPlain(b[:min(len(b), 64)]):
		return c, 0, false
	case len(b) > 1 && b[0] != 0 && b[1] == 0:
		label, _ = CharsetNamed(label.Family() + "le")
	}
	return label, 0, true
}
