package pcap

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/reassembly"

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

// BenchmarkRead compares, with and without HTTP, what Read costs to what a
// program made of gopacket's reassembly and net/http costs.
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
					return decode.New(c, decode.Options{Transient: true}, func(ev wire.Event) {
						if _, ok := ev.(*wire.Exchange); ok {
							n++
						}
					})
				})
				return n
			})
		})
		b.Run(c.name+"/gopacket", func(b *testing.B) {
			bench(b, file, want, func() int { return gopacketHTTP(b, file) })
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
	if _, err := Read(context.Background(), bytes.NewReader(file), Options{}, tap); err != nil {
		b.Fatal(err)
	}
}

// gopacketHTTP reads a file the usual way: gopacket puts the streams together,
// and a goroutine for each direction has net/http read it. It returns how many
// responses there were.
func gopacketHTTP(b *testing.B, file []byte) int {
	src, _, err := openSource(bytes.NewReader(file))
	if err != nil {
		b.Fatal(err)
	}
	f := new(httpFactory)
	a := reassembly.NewAssembler(reassembly.NewStreamPool(f))
	var eth layers.Ethernet
	var ip layers.IPv4
	var tcp layers.TCP
	parser := gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet, &eth, &ip, &tcp)
	parser.IgnoreUnsupported = true
	var decoded []gopacket.LayerType
	var p packet
	for src.next(&p) == nil {
		if err := parser.DecodeLayers(p.data, &decoded); err != nil {
			b.Fatal(err)
		}
		info := captureInfo{Timestamp: p.time, CaptureLength: len(p.data), Length: p.length}
		a.AssembleWithContext(ip.NetworkFlow(), &tcp, info)
	}
	a.FlushAll()
	f.readers.Wait()
	return f.responses
}

type captureInfo gopacket.CaptureInfo

func (c captureInfo) GetCaptureInfo() gopacket.CaptureInfo { return gopacket.CaptureInfo(c) }

type httpFactory struct {
	readers   sync.WaitGroup
	mu        sync.Mutex
	responses int
}

func (f *httpFactory) New(_, _ gopacket.Flow, _ *layers.TCP, _ reassembly.AssemblerContext) reassembly.Stream {
	s := new(httpStream)
	for i := range s.out {
		r, w := io.Pipe()
		s.out[i] = w
		f.readers.Go(func() {
			n := readAll(bufio.NewReader(r), i == 0)
			io.Copy(io.Discard, r)
			f.mu.Lock()
			f.responses += n
			f.mu.Unlock()
		})
	}
	return s
}

// readAll reads requests or responses, and returns how many of the latter.
func readAll(r *bufio.Reader, requests bool) (n int) {
	for {
		if requests {
			req, err := http.ReadRequest(r)
			if err != nil {
				return n
			}
			io.Copy(io.Discard, req.Body)
			continue
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return n
		}
		io.Copy(io.Discard, resp.Body)
		n++
	}
}

type httpStream struct{ out [2]*io.PipeWriter }

func (s *httpStream) Accept(_ *layers.TCP, _ gopacket.CaptureInfo, _ reassembly.TCPFlowDirection, _ reassembly.Sequence, start *bool, _ reassembly.AssemblerContext) bool {
	return true
}

func (s *httpStream) ReassembledSG(sg reassembly.ScatterGather, _ reassembly.AssemblerContext) {
	dir, _, _, _ := sg.Info()
	n, _ := sg.Lengths()
	out := s.out[0]
	if dir == reassembly.TCPDirServerToClient {
		out = s.out[1]
	}
	out.Write(sg.Fetch(n))
}

func (s *httpStream) ReassemblyComplete(reassembly.AssemblerContext) bool {
	s.out[0].Close()
	s.out[1].Close()
	return true
}
