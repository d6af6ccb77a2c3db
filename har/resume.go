package har

import (
	"bytes"
	"errors"
)

// resume goes on behind the place where the text is broken by err: with the next
// object that begins as entries do. It returns an error if the text breaks again,
// and nil at its end.
func (s *scanner) resume(err error) error {
	s.amid = true
	var syntax *syntaxError
	more := errors.As(err, &syntax)
	for ended := false; ; ended = true {
		var name []byte
		var at int64
		if more {
			name, at = s.seek()
		}
		if name == nil {
			if !ended {
				s.broken.left += s.offset() - s.good
			}
			return nil
		}
		good, read := s.good, s.read
		err := s.entryFrom(name, 0)
		if s.read > read && !ended {
			s.broken.left += at - good
		}
		if err == nil {
			err = s.entryList(']', 1)
		}
		if err != nil {
			return err
		}
	}
}

// seek finds the next object that begins with a name which entries begin with. It
// returns the name, and where the object begins; nil if there is none.
func (s *scanner) seek() (name []byte, at int64) {
	for s.more() {
		n := bytes.IndexByte(s.buf[s.i:s.n], '{')
		if n < 0 {
			s.i = s.n
			continue
		}
		s.i += n
		at = s.offset()
		s.i++
		if s.next() != '"' {
			continue
		}
		if name, err := s.name(); err == nil && (loneEntry[string(name)] || beginsEntry[string(name)]) {
			return name, at
		}
	}
	return nil, 0
}

// beginsEntry are names that may come first in an entry, beside those of
// loneEntry.
var beginsEntry = map[string]bool{"time": true, "connection": true, "cache": true, "_initiator": true, "_priority": true, "_resourceType": true,
	"_connectionId": true, "_fromCache": true, "_webSocketMessages": true, "_serverPort": true, "_request_id": true}
