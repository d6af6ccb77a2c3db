package intercept

import "net"

// alertWatch looks at the records of a client that shakes hands, for an alert in plain
// text. OpenSSL's clients send one when they refuse our certificate in TLS 1.3: they
// have not begun to encrypt then (RFC 8446, section 6, would have them), so crypto/tls
// takes it for a record that was damaged. It is read by one goroutine at a time.
type alertWatch struct {
	net.Conn
	over    bool // the handshake is: nothing is looked at any more
	head    [7]byte
	n       int // of head that have come
	rest    int // of a record that is no such alert, in bytes
	alerted bool
	alert   uint8 // what the first one says
}

// NetConn returns the connection itself, as that of tls.Conn does.
func (w *alertWatch) NetConn() net.Conn { return w.Conn }

func (w *alertWatch) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if !w.over {
		w.look(b[:n])
	}
	return n, err
}

// look takes what was read. A record has 5 bytes in front: its type, a version, and how
// many bytes follow (RFC 8446, section 5.1); an alert in plain text has 2.
func (w *alertWatch) look(b []byte) {
	const alert, size = 21, 2
	for len(b) > 0 {
		if n := min(w.rest, len(b)); n > 0 {
			w.rest, b = w.rest-n, b[n:]
			continue
		}
		w.head[w.n], b = b[0], b[1:]
		w.n++
		switch says := int(w.head[3])<<8 | int(w.head[4]); {
		case w.n == 5 && (w.head[0] != alert || says != size):
			w.n, w.rest = 0, says
		case w.n == 5+size:
			if w.n = 0; !w.alerted {
				w.alerted, w.alert = true, w.head[6]
			}
		}
	}
}
