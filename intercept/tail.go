package intercept

import (
	"bytes"
	"sync"
)

// maxTail bounds what is kept of a command's messages.
const maxTail = 2 << 10

// tail keeps the end of what is written to it, for messages.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

// Write keeps b; it never fails.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if over := len(t.kept) - maxTail; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(b), nil
}

// String returns the lines of it in one.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.Join(bytes.FieldsFunc(t.kept, func(r rune) bool { return r == '\r' || r == '\n' }), []byte("; ")))
}
