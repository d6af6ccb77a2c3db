package pcap

import (
	"bytes"
	"io"
)

// keyLogPiece is how much of a key log is handed on at once, in bytes; a line of it that
// is longer is cut there, and is no secret.
const keyLogPiece = 64 << 10

// largeSecrets hands on the key log of a block of n bytes that is longer than the buffer,
// in pieces that end where lines do.
func (s *ngSource) largeSecrets(n int64) error {
	const head = 16 // with the type and the length of the block
	b, err := s.in.peek(head)
	if err != nil {
		return err
	}
	if s.order.Uint32(b[8:]) != secretsKeyLog {
		return nil
	}
	left := min(int64(s.order.Uint32(b[12:])), n-head-4)
	if err := s.passed(head); err != nil {
		return err
	}
	for inLine := false; left > 0; {
		b, err := s.in.peek(int(min(left, keyLogPiece)))
		if err == io.EOF {
			err = io.ErrUnexpectedEOF // within the block
		}
		if err != nil {
			return err
		}
		piece := b
		if inLine { // the rest of one that is too long
			end := bytes.IndexByte(b, '\n')
			inLine = end < 0
			if piece = nil; !inLine {
				b = b[:end+1]
			}
		} else if end := bytes.LastIndexByte(b, '\n'); end >= 0 {
			b = b[:end+1]
			piece = b
		} else {
			inLine = true
		}
		if len(piece) > 0 {
			s.keyLog(piece)
		}
		left -= int64(len(b))
		if err := s.passed(len(b)); err != nil {
			return err
		}
	}
	return nil
}

// passed goes on behind n bytes of the block.
func (s *ngSource) passed(n int) error {
	s.pending -= int64(n)
	return s.in.skip(int64(n))
}

// secrets hands on the key log of a block, if it has one.
func (s *ngSource) secrets(body []byte) {
	const head = 8
	if s.keyLog == nil || len(body) < head || s.order.Uint32(body) != secretsKeyLog {
		return
	}
	s.keyLog(body[head:][:min(int64(s.order.Uint32(body[4:])), int64(len(body)-head))])
}
