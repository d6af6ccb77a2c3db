package decode_test

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// FuzzMessages is FuzzConn with calls of gRPC whose messages may carry a connection:
// they are put together from messages and parts of messages, each in a frame.
func FuzzMessages(f *testing.F) {
	f.Add([]byte{0, 1}, []byte{1, 3}, uint16(3), true)
	f.Add([]byte{1, 4, 3}, []byte{0, 1, 2}, uint16(9), false)
	f.Add([]byte{5, 6, 1, 7}, []byte{8, 9, 0, 10, 11}, uint16(1), true)
	f.Add([]byte{12, 0, 1, 2}, []byte{13, 14, 1}, uint16(0), false)
	f.Fuzz(func(t *testing.T, up, down []byte, seed uint16, known bool) {
		if len(up) > maxParts || len(down) > maxParts {
			t.Skip("too long to be worth a try")
		}
		k, path := newTalk(true), "/x.Y/Dial"
		if known {
			path = sessionPath
		}
		k.call(1, path)
		var said [2][]byte
		for _, ch := range k.conn.Chunks {
			said[ch.Dir] = append(said[ch.Dir], ch.Data...)
		}
		for dir, choice := range [][]byte{up, down} {
			p := k.peers[dir]
			for _, c := range choice {
				p.data(1, false, messageParts[int(c)%len(messageParts)])
			}
			said[dir] = append(said[dir], p.out.Bytes()...)
		}
		cutsAgree(t, said[wire.ToServer], said[wire.ToClient], int(seed))
	})
}

// messageParts are what the messages of a call may consist of.
var messageParts = []string{
	letter(wire.HTTP2Preface), letter(settingsFrame), letter("\x00\x00\x03\x01\x05\x00\x00\x00\x01\x82\x84\x86"), letter("\x00\x00\x01\x01\x05\x00\x00\x00\x01\x88"),
	letter(wire.HTTP2Preface + settingsFrame), letter(""), letter("PRI * "), letter("HTTP/2.0\r\n\r\nSM\r\n\r\n"),
	"\x00\x00\x00\x00\x00", "\x00", "\x00\x00\x00\x00\x07\x10\x05", "\x0a\x03abc", "\x01\x00\x00\x00\x02\x0a\x00", "\x02\x00\x00\x00\x00", "\x00\x00\x00\x00\x02\x0f",
	letter("GET / HTTP/1.1\r\n\r\n"),
}
