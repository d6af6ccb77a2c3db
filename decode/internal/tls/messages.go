package tls

import "github.com/socktrace/socktrace/decode/internal/budget"

// maxMessage is how long a handshake message may be that is read, in bytes; longer ones
// are left out. Chains of certificates are shorter.
const maxMessage = 128 << 10

// messageHead is the size of the header of a handshake message.
const messageHead = 4

// messages puts handshake messages together, which may be spread over records (RFC 8446,
// section 5.1).
type messages struct {
	buf  []byte
	skip int // bytes of a message that is left out
}

// write takes what a record carries.
func (m *messages) write(a *budget.Account, b []byte) {
	n := min(m.skip, len(b))
	m.skip -= n
	if b = b[n:]; len(b) == 0 {
		return
	}
	if !a.Charge(len(b)) {
		a.Missed(len(b))
		m.reset(a)
		return
	}
	m.buf = append(m.buf, b...)
}

// next takes the next whole message, without its header. It is valid until the next
// call of another method.
func (m *messages) next(a *budget.Account) (typ byte, body []byte, ok bool) {
	for len(m.buf) >= messageHead {
		n := messageHead + int(m.buf[1])<<16 + int(m.buf[2])<<8 + int(m.buf[3])
		switch {
		case n > maxMessage:
			have := min(n, len(m.buf))
			m.skip = n - have
			m.take(a, have)
			continue
		case n > len(m.buf):
			return 0, nil, false
		}
		b := m.take(a, n)
		return b[0], b[messageHead:], true
	}
	return 0, nil, false
}

// take removes n bytes.
func (m *messages) take(a *budget.Account, n int) []byte {
	b := m.buf[:n]
	if m.buf = m.buf[n:]; len(m.buf) == 0 {
		m.buf = nil
	}
	a.Refund(n)
	return b
}

// reset forgets what is not whole.
func (m *messages) reset(a *budget.Account) {
	a.Refund(len(m.buf))
	*m = messages{}
}
