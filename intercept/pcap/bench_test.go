package pcap

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

// traffic returns a pcap file of so many connections at once, each with
// exchanges whose bodies have size bytes, in packets as Ethernet has them.
func traffic(conns, exchanges, size int) []byte {
	const mss = 1448
	var all []frame
	now := captured
	type peer struct {
		ends [2]netip.AddrPort
		next [2]uint32
	}
	send := func(p *peer, side int, flags byte, data []byte) {
		for first := true; first || len(data) > 0; first = false {
			part := data[:min(len(data), mss)]
			data = data[len(part):]
			s := segment{src: p.ends[side], dst: p.ends[1-side], seq: p.next[side], ack: p.next[1-side], flags: flags, data: part}
			b := append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0}, appendPacket(nil, &s)...)
			now = now.Add(time.Microsecond)
			all = append(all, frame{now, b, len(b)})
			p.next[side] += uint32(len(part))
			if flags&(flagSYN|flagFIN) != 0 {
				p.next[side]++
			}
		}
	}
	peers := make([]peer, conns)
	for i := range peers {
		p := &peers[i]
		p.ends = [2]netip.AddrPort{netip.AddrPortFrom(clientEnd.Addr(), uint16(10_000+i)), serverEnd}
		send(p, 0, flagSYN, nil)
		send(p, 1, flagSYN|flagACK, nil)
		send(p, 0, flagACK, nil)
	}
	body := bytes.Repeat([]byte("0123456789abcde\n"), size/16)
	for n := range exchanges {
		for i := range peers {
			send(&peers[i], 0, flagACK|flagPSH, fmt.Appendf(nil, "GET /containers/%d/json HTTP/1.1\r\nHost: docker\r\nUser-Agent: x\r\n\r\n", n))
			send(&peers[i], 1, flagACK, nil)
			send(&peers[i], 1, flagACK|flagPSH, fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
			send(&peers[i], 0, flagACK, nil)
		}
	}
	for i := range peers {
		send(&peers[i], 0, flagACK|flagFIN, nil)
		send(&peers[i], 1, flagACK|flagFIN, nil)
	}
	return pcapFile(order, time.Nanosecond, 1, all)
}

// nullTap sees and forgets.
type nullTap struct{}

func (nullTap) Chunk(wire.Chunk)     {}
func (nullTap) End(time.Time, error) {}

// BenchmarkRead is what Read costs, with and without HTTP. BenchmarkReadCapture of
// the program compares it with others.
func BenchmarkRead(b *testing.B) {
	for _, c := range []struct {
		name                   string
		conns, exchanges, size int
	}{{"small", 100, 100, 256}, {"large", 20, 10, 100_000}} {
		file := traffic(c.conns, c.exchanges, c.size)
		want := c.conns * c.exchanges
		b.Run(c.name+"/read", func(b *testing.B) {
			bench(b, file, 0, func() int {
				benchRead(b, file, func(*wire.Conn) wire.Tap { return nullTap{} })
				return 0
			})
		})
		b.Run(c.name+"/decode", func(b *testing.B) {
			bench(b, file, want, func() (n int) {
				benchRead(b, file, func(c *wire.Conn) wire.Tap {
					return decode.New(c, decode.Options{}, func(ev wire.Event) {
						if _, ok := ev.(*wire.End); ok {
							n++
						}
					})
				})
				return n
			})
		})
	}
}

func bench(b *testing.B, file []byte, want int, run func() int) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if got := run(); got != want {
			b.Fatalf("%d exchanges, want %d", got, want)
		}
	}
}

func benchRead(b *testing.B, file []byte, tap func(*wire.Conn) wire.Tap) {
	if _, err := Read(context.Background(), bytes.NewReader(file), asked, tap); err != nil {
		b.Fatal(err)
	}
}
