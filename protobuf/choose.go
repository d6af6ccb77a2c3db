package protobuf

// TypeOf returns the type of a message of the method: of what the server sends, if
// fromServer, or else the client. What the method declares is what it is, unless it
// is known to carry another as well, of which the message is more likely.
func (m Method) TypeOf(fromServer bool, msg []byte) *Type {
	t := m.Input
	if fromServer {
		t = m.Output
	}
	if m.other != nil && !t.names(msg) && m.other.names(msg) {
		return m.other
	}
	return t
}

// names reports whether t has names for all that is in a message.
func (t *Type) names(msg []byte) bool {
	for len(msg) > 0 {
		v, n := next(msg)
		if t.takes(v) == nil {
			return false
		}
		if n < 0 {
			break
		}
		msg = msg[n:]
	}
	return true
}
