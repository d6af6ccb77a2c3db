package intercept

import (
	"net"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestDeepen: more stack changes nothing, and takes no memory of the heap.
func TestDeepen(t *testing.T) {
	if n := testing.AllocsPerRun(100, deepen); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if got := deep(3 * deepStack); got == deep(0) { // the frame is there: it has been used
		t.Errorf("got %d", got)
	}
}

// deepTap needs as much stack as one that decodes and records.
type deepTap struct{ nullTap }

func (deepTap) Chunk(c wire.Chunk) { _ = steps(40, c.Data) }

//go:noinline
func steps(n int, data []byte) byte {
	var frame [192]byte
	copy(frame[:], data)
	if n == 0 {
		return frame[0]
	}
	return steps(n-1, frame[:8]) + frame[1]
}

// BenchmarkConnectDeep is BenchmarkConnect before a tap that needs a deep stack: without
// deepen it takes a fifth more.
func BenchmarkConnectDeep(b *testing.B) {
	up := daemon(b, unixSocket, echo)
	r := newRigTo(b, unixSocket, up, func(p *Proxy) { p.Tap = func(*wire.Conn) wire.Tap { return new(deepTap) } })
	buf := make([]byte, 1)
	for b.Loop() {
		c, err := net.Dial(r.addr.Network, r.addr.Address)
		if err != nil {
			b.Fatal(err)
		}
		c.Write(buf)
		if _, err := c.Read(buf); err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
}
