package pcap

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

const bulkHead = "HTTP/1.1 200 OK\r\n\r\n"

// bulk returns the two ends of a connection on which an answer has begun that
// lasts until it is closed.
func bulk(t testing.TB, listener net.Listener) (client, server net.Conn) {
	t.Helper()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	if _, err := io.WriteString(client, "GET / HTTP/1.1\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(server, bulkHead); err != nil {
		t.Fatal(err)
	}
	return client, server
}

// bulkTap compares what it sees of an answer with what was sent.
type bulkTap struct {
	t          *testing.T
	want       []byte
	data, lost int64
	err        error
}

func (b *bulkTap) Chunk(ch wire.Chunk) {
	if ch.Dir == wire.ToServer {
		return
	}
	if ch.Lost < 0 {
		b.t.Errorf("after %d bytes, a number of them is not known", b.data)
	}
	b.lost += int64(max(ch.Lost, 0))
	at := b.data + b.lost
	b.data += int64(len(ch.Data))
	if end := at + int64(len(ch.Data)); end > int64(len(b.want)) && len(ch.Data) > 0 || len(ch.Data) > 0 && !bytes.Equal(ch.Data, b.want[at:end]) {
		b.t.Errorf("the %d bytes at %d are not those that were sent", len(ch.Data), at)
	}
}

func (b *bulkTap) End(_ time.Time, err error) { b.err = err }

// TestInterfaceBulk sends much at once. All is seen, or what was lost is known.
func TestInterfaceBulk(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	up(t, "lo")
	const size = 100 << 20
	want := append(make([]byte, 0, size), bulkHead...)
	random := rand.New(rand.NewPCG(1, 2))
	for len(want) < size {
		n := random.Uint64()
		want = append(want, byte(n), byte(n>>8), byte(n>>16), byte(n>>24), byte(n>>32), byte(n>>40), byte(n>>48), byte(n>>56))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tap := &bulkTap{t: t, want: want}
	s := sniffOn(t, "lo", 0, func(*wire.Conn) wire.Tap { return tap })
	client, server := bulk(t, l)
	go func() {
		if _, err := server.Write(want[len(bulkHead):]); err != nil {
			t.Error(err)
		}
		server.Close()
	}()
	if n, err := io.Copy(io.Discard, client); n != int64(len(want)) || err != nil {
		t.Errorf("%d bytes came: %v", n, err)
	}
	client.Close()
	s.stop()
	st := s.stats
	t.Logf("%d packets, %d dropped, %d gaps with %d bytes", st.Packets, st.Dropped, st.Gaps, st.LostBytes)
	if tap.lost != st.LostBytes {
		t.Errorf("%d bytes are marked as lost, %d are counted", tap.lost, st.LostBytes)
	}
	// If packets were dropped, the last of them may be among them; nobody can
	// tell an end that is lost from a byte.
	missing := int64(len(want)) - tap.data - tap.lost
	if st.Dropped == 0 && (missing != 0 || tap.lost != 0 || tap.err != nil) || missing < -1 {
		t.Errorf("%d bytes, %d lost, %d missing: %v", tap.data, tap.lost, missing, tap.err)
	}
}

// BenchmarkInterface is a transfer on the loopback as it is, and with a capture
// of it that only follows TCP: the share that was lost is in the results.
func BenchmarkInterface(b *testing.B) {
	for _, name := range []string{"bare", "sniffed"} {
		b.Run(name, func(b *testing.B) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			defer l.Close()
			var seen atomic.Int64
			if name == "sniffed" {
				s := sniffOrSkip(b, uint16(l.Addr().(*net.TCPAddr).Port), &seen)
				defer func() {
					s.stop()
					lost := int64(len(bulkHead)+b.N<<20) - seen.Load()
					b.ReportMetric(100*float64(lost)/float64(b.N<<20), "%lost")
				}()
			}
			transfer(b, l)
		})
	}
}

// sniffOrSkip captures on the loopback, where the benchmark may do so.
func sniffOrSkip(b *testing.B, port uint16, seen *atomic.Int64) *sniffed {
	b.Helper()
	i, err := OpenInterface("lo", port)
	if errors.Is(err, os.ErrPermission) {
		b.Skip(err)
	}
	if err != nil {
		b.Fatal(err)
	}
	i.Close()
	return sniffOn(b, "lo", port, func(*wire.Conn) wire.Tap { return seenTap{seen} })
}

// transfer sends a MiB for each run.
func transfer(b *testing.B, l net.Listener) {
	b.Helper()
	client, server := bulk(b, l)
	data := make([]byte, 1<<20)
	b.SetBytes(int64(len(data)))
	b.ResetTimer()
	go func() {
		for range b.N {
			if _, err := server.Write(data); err != nil {
				b.Error(err)
				break
			}
		}
		server.Close()
	}()
	if n, err := io.Copy(io.Discard, client); n != int64(len(bulkHead)+b.N<<20) || err != nil {
		b.Errorf("%d bytes came: %v", n, err)
	}
	b.StopTimer()
	client.Close()
}

// seenTap counts the bytes of answers.
type seenTap struct{ n *atomic.Int64 }

func (s seenTap) Chunk(ch wire.Chunk) {
	if ch.Dir == wire.ToClient {
		s.n.Add(int64(len(ch.Data)))
	}
}

func (s seenTap) End(time.Time, error) {}
