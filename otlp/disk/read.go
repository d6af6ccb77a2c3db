package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/klauspost/compress/gzip"

	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/internal/protowire"
)

// maxRequest is how long a request may be that is not compressed, in bytes.
const maxRequest = 32 << 20

// Oldest returns the oldest request of a kind, compressed, which stays until Done is called,
// or Later; false if there is none, or an error if none can be read now. What is damaged is
// removed, told and counted; what cannot be read is left where it is, for the next start.
func (s *Store) Oldest(kind string) (u Unit, request []byte, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[kind]
	for len(q.units) > 0 {
		u := q.units[0]
		path := filepath.Join(s.dir, u.name())
		b, err := readFile(path)
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			return Unit{}, nil, false, err
		}
		var damage error
		if err == nil {
			if damage = check(b); damage == nil {
				q.busy = true
				return u, b, true, nil
			}
			err = fmt.Errorf("%s: damaged: %w", path, damage)
		}
		s.leaves(q.remove(0), true)
		if damage != nil {
			s.remove(u.name())
		}
		s.once(fmt.Errorf("%w; left out, with %s", err, plural.Of(u.Items, "item")))
	}
	return Unit{}, nil, false, nil
}

// readFile returns what is in a file, up to more than may be.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// check returns what is wrong with what is in a file.
func check(b []byte) error {
	if len(b) > maxFile {
		return errTooLong
	}
	plain, err := Plain(b)
	if err == nil && !isRequest(plain) {
		err = errors.New("it is no request of OTLP")
	}
	return err
}

var errTooLong = errors.New("it is too long")

// Plain returns a request that is not compressed.
func Plain(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxRequest+1)) // to its end, where the checksum is
	if err == nil && len(plain) > maxRequest {
		err = errTooLong
	}
	return plain, err
}

// isRequest reports whether b is what all Export…ServiceRequests are (opentelemetry-proto v1):
// messages in field 1.
func isRequest(b []byte) bool {
	whole := len(b) > 0
	for len(b) > 0 {
		number, typ, n := protowire.ConsumeTag(b)
		if n < 0 || number != 1 || typ != protowire.BytesType {
			return false
		}
		size := protowire.ConsumeFieldValue(number, typ, b[n:])
		if size < 0 {
			return false
		}
		b = b[n+size:]
	}
	return whole
}
