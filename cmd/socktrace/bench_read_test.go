//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/google/gopacket/reassembly"
)

// The captures that are read here are made here, of any size and always the
// same: connections whose packets take turns, as Ethernet has them. Checksums
// are those of a network card that computes them itself: none.
const (
	captureConns = 64   // open at once
	captureTurns = 40   // exchanges a connection
	captureMSS   = 1448 // bytes in a packet
)

// chat is an exchange: what each side says.
type chat [2][]byte

// pingChats is what a client of dockerd asks first.
func pingChats() []chat {
	return []chat{{cliRequest("HEAD", "/_ping", ""), []byte("HTTP/1.1 200 OK\r\nApi-Version: 1.48\r\nBuilder-Version: 2\r\nCache-Control: no-cache, no-store, must-revalidate\r\n" +
		"Content-Length: 0\r\nContent-Type: text/plain; charset=utf-8\r\nDocker-Experimental: false\r\nOstype: linux\r\nPragma: no-cache\r\n" +
		"Server: Docker/28.2.2 (linux)\r\nSwarm: inactive\r\nDate: Sat, 21 Nov 2026 19:21:28 GMT\r\n\r\n")}}
}

// cliRequest returns a request as the docker CLI writes it.
func cliRequest(method, path, body string) []byte {
	head := method + " " + path + " HTTP/1.1\r\nHost: api.moby.localhost\r\nUser-Agent: Docker-Client/28.2.2 (linux)\r\n"
	if body != "" {
		head += fmt.Sprintf("Content-Length: %d\r\nContent-Type: application/json\r\n", len(body))
	}
	return []byte(head + "\r\n" + body)
}

// smallChats is what a client of dockerd asks for all the time.
func smallChats() []chat {
	id := strings.Repeat("4f3c9e7ad0b1", 5) + "88d2"
	return []chat{
		{cliRequest("GET", "/v1.48/containers/json", ""), jsonAnswer("[]\n")},
		{cliRequest("POST", "/v1.48/containers/create?name=web", `{"Hostname":"","User":"","AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Tty":false,`+
			`"Env":["PATH=/usr/bin:/bin","LANG=C.UTF-8"],"Cmd":["httpd","-f"],"Image":"busybox","Labels":{"project":"x"},`+
			`"HostConfig":{"NetworkMode":"default","RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":true}}`+"\n"),
			jsonAnswer(`{"Id":"` + id + `","Warnings":[]}` + "\n")},
		{cliRequest("GET", "/v1.48/containers/"+id+"/json", ""), jsonAnswer(`{"Id":"` + id + `","Created":"2026-11-21T19:21:28.12Z","Path":"httpd","Args":["-f"],` +
			`"State":{"Status":"running","Running":true,"Paused":false,"Pid":4711,"ExitCode":0,"Error":""},"Name":"/web","RestartCount":0}` + "\n")},
		{cliRequest("POST", "/v1.48/containers/"+id+"/wait?condition=removed", ""), jsonAnswer(`{"StatusCode":0}` + "\n")},
	}
}

// largeChats is a list of images of 100 kB.
func largeChats() []chat {
	var list []string
	for i := range 290 {
		list = append(list, fmt.Sprintf(`{"Containers":-1,"Created":%d,"Id":"sha256:%064x","Labels":{"maintainer":"nobody"},"ParentId":"","RepoDigests":[],"RepoTags":["r.example/a/b:%d"],`+
			`"SharedSize":-1,"Size":%d,"OS":"linux","Descriptor":{"mediaType":"application/vnd.oci.image.index.v1+json"}}`, 1795288868+i, i*i*7919, i, i*104729))
	}
	return []chat{{cliRequest("GET", "/v1.48/images/json", ""), jsonAnswer("[" + strings.Join(list, ",") + "]\n")}}
}

func jsonAnswer(body string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nApi-Version: 1.48\r\nContent-Type: application/json\r\nDocker-Experimental: false\r\nOstype: linux\r\n"+
		"Server: Docker/28.2.2 (linux)\r\nDate: Sat, 21 Nov 2026 19:21:28 GMT\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// capturer writes a pcap file.
type capturer struct {
	w         *bufio.Writer
	chats     []chat
	now       uint64 // microseconds since 1970
	conns     int    // there were so far
	exchanges int    // there were so far
	written   int64
	frame     []byte
}

// capturedConn is a connection in a capturer.
type capturedConn struct {
	number int
	next   [2]uint32 // sequence numbers, by side; the client is 0
	left   chat      // what was not sent yet of the exchange
	turns  int
	unseen int // packets without an acknowledgement
}

// writeCapture writes a capture of at least size bytes, and returns how many
// exchanges are in it.
func writeCapture(w io.Writer, size int64, chats []chat) (int, error) {
	g := &capturer{w: bufio.NewWriterSize(w, 256<<10), chats: chats, now: 1795288868e6}
	g.begin()
	conns := make([]capturedConn, captureConns)
	for i := range conns {
		g.open(&conns[i])
		conns[i].turns = i * captureTurns / captureConns // they end at different times
	}
	for open := len(conns); open > 0; {
		for i := range conns {
			if c := &conns[i]; c.turns >= 0 && !g.step(c) {
				if g.shut(c); g.written < size {
					g.open(c)
					continue
				}
				c.turns = -1
				open--
			}
		}
	}
	return g.exchanges, g.w.Flush()
}

// begin writes what is before the packets.
func (g *capturer) begin() {
	head := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	head = append(head, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0)
	_, _ = g.w.Write(head) // errors stay: Flush returns them
}

const (
	fin, syn, psh, ack = 1, 2, 8, 16
	frameHead          = 14 + 20 + 20
)

// open begins a connection in the place of c.
func (g *capturer) open(c *capturedConn) {
	*c = capturedConn{number: g.conns, next: [2]uint32{1000, 2000}}
	g.conns++
	g.send(c, 0, syn, nil)
	g.send(c, 1, syn|ack, nil)
	g.send(c, 0, ack, nil)
}

func (g *capturer) shut(c *capturedConn) {
	g.send(c, 0, fin|ack, nil)
	g.send(c, 1, fin|ack, nil)
	g.send(c, 0, ack, nil)
}

// step sends the next packet of c. It returns false if there is none.
func (g *capturer) step(c *capturedConn) bool {
	if len(c.left[1]) == 0 {
		if c.turns == captureTurns {
			return false
		}
		c.left = g.chats[(c.number+c.turns)%len(g.chats)]
		c.turns++
		g.exchanges++
	}
	side := 0
	if len(c.left[0]) == 0 {
		side = 1
	}
	n := min(len(c.left[side]), captureMSS)
	g.send(c, side, psh|ack, c.left[side][:n])
	c.left[side] = c.left[side][n:]
	if c.unseen++; c.unseen == 2 || len(c.left[side]) == 0 {
		g.send(c, 1-side, ack, nil)
		c.unseen = 0
	}
	return true
}

// send writes one packet.
func (g *capturer) send(c *capturedConn, side int, flags byte, data []byte) {
	size := frameHead + len(data)
	g.now++
	b := g.frame[:0]
	for _, v := range []uint32{uint32(g.now / 1e6), uint32(g.now % 1e6), uint32(size), uint32(size)} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	b = append(b, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0) // Ethernet
	b = append(b, 0x45, 0)                                  // IPv4 (RFC 791, section 3.1)
	b = binary.BigEndian.AppendUint16(b, uint16(size-14))
	b = append(b, 0, 0, 0x40, 0, 64, 6, 0, 0)
	ends := [2][4]byte{{10, 0, 1, byte(c.number / 16_000)}, {10, 0, 0, 2}}
	b = append(append(b, ends[side][:]...), ends[1-side][:]...)
	ports := [2]uint16{uint16(49_152 + c.number%16_000), 2375} // tshark takes lower ones for other protocols
	b = binary.BigEndian.AppendUint16(b, ports[side])          // TCP (RFC 9293, section 3.1)
	b = binary.BigEndian.AppendUint16(b, ports[1-side])
	b = binary.BigEndian.AppendUint32(b, c.next[side])
	acked := c.next[1-side]
	if flags&ack == 0 {
		acked = 0
	}
	b = binary.BigEndian.AppendUint32(b, acked)
	b = append(b, 5<<4, flags, 0xff, 0xff, 0, 0, 0, 0)
	b = append(b, data...)
	if c.next[side] += uint32(len(data)); flags&(syn|fin) != 0 {
		c.next[side]++
	}
	g.frame = b
	n, _ := g.w.Write(b)
	g.written += int64(n)
}

// captureFile writes a capture to a file, and returns its path, size and number
// of exchanges.
func captureFile(t testing.TB, size int64, chats []chat) (string, int64, int) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "capture.pcap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n, err := writeCapture(f, size, chats)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return name, info.Size(), n
}

// BenchmarkReadCapture is how many bytes of a capture the program reads in a
// second of processor time, of system calls too, while it writes JSON lines; and
// how many times as fast that is as tshark, which shows what was asked and
// answered, and as the usual Go program: gopacket's reassembly, net/http's
// parser, and nothing done with what they find. With quiet, only what the program
// needs to follow exchanges is done. All are processes that take turns within
// one run; the ratios are of medians. tshark is so slow that it reads a smaller
// capture of the same kind, which is large enough that its start does not count.
func BenchmarkReadCapture(b *testing.B) {
	for _, c := range []struct {
		name   string
		chats  []chat
		tshark int64 // bytes of its capture
	}{{"ping", pingChats(), 32 << 20}, {"small", smallChats(), 32 << 20}, {"large", largeChats(), 32 << 20}} {
		b.Run(c.name, func(b *testing.B) {
			name, size, exchanges := captureFile(b, 256<<20, c.chats)
			speeds := map[string][]float64{} // MB in a second of processor time
			run := func(what string, size int64, cmd *exec.Cmd) []byte {
				out, err := cmd.Output()
				if err != nil {
					b.Fatalf("%s: %v", cmd, err)
				}
				spent := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
				speeds[what] = append(speeds[what], float64(size)/1e6/spent.Seconds())
				return out
			}
			program := testedProgram(b)
			tshark, err := exec.LookPath("tshark")
			var few string
			var fewSize int64
			var fewExchanges int
			if err != nil {
				b.Log("there is no tshark here: SKIPPED the comparison with it")
			} else {
				few, fewSize, fewExchanges = captureFile(b, c.tshark, c.chats)
			}
			for b.Loop() {
				run("socktrace", size, exec.Command(program, "read", "-f", "jsonl", "-o", os.DevNull, name))
				run("quiet", size, exec.Command(program, "read", "-q", name))
				out := run("gopacket", size, gopacketCommand(name))
				if want := fmt.Sprintf("%d responses\n", exchanges); !strings.HasPrefix(string(out), want) {
					b.Fatalf("gopacket: %q, want %q", out, want)
				}
				if tshark == "" {
					continue
				}
				cmd := exec.Command(tshark, "-r", few, "-Y", "http", "-T", "fields",
					"-e", "http.request.method", "-e", "http.request.uri", "-e", "http.response.code")
				cmd.Env = append(os.Environ(), "HOME="+b.TempDir(), "XDG_CONFIG_HOME=") // its settings are those it comes with
				if got := bytes.Count(run("tshark", fewSize, cmd), []byte("\n")); got != 2*fewExchanges {
					b.Fatalf("tshark: %d messages, want %d", got, 2*fewExchanges)
				}
			}
			b.ReportMetric(0, "ns/op")
			own := median(speeds["socktrace"])
			b.ReportMetric(own, "MB/CPU-s")
			delete(speeds, "socktrace")
			for what, s := range speeds {
				b.ReportMetric(own/median(s), "x-"+what)
			}
		})
	}
}

// gopacketEnvVar makes TestGopacketChild read the capture it names.
const gopacketEnvVar = "SOCKTRACE_BENCH_GOPACKET"

func gopacketCommand(capture string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^TestGopacketChild$")
	cmd.Env = append(os.Environ(), gopacketEnvVar+"="+capture)
	return cmd
}

// TestGopacketChild is not a test but the usual Go program.
func TestGopacketChild(t *testing.T) {
	if name := os.Getenv(gopacketEnvVar); name != "" {
		fmt.Printf("%d responses\n", gopacketHTTP(t, name))
	}
}

// gopacketHTTP reads a capture the usual way: gopacket puts the streams
// together, and a goroutine for each direction has net/http read it. It returns
// how many responses there were.
func gopacketHTTP(t testing.TB, name string) int64 {
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := pcapgo.NewReader(bufio.NewReaderSize(file, 512<<10))
	if err != nil {
		t.Fatal(err)
	}
	f := new(gopacketStreams)
	a := reassembly.NewAssembler(reassembly.NewStreamPool(f))
	var eth layers.Ethernet
	var ip layers.IPv4
	var tcp layers.TCP
	parser := gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet, &eth, &ip, &tcp)
	parser.IgnoreUnsupported = true
	var decoded []gopacket.LayerType
	for {
		data, info, err := r.ZeroCopyReadPacketData()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = parser.DecodeLayers(data, &decoded)
		}
		if err != nil {
			t.Fatal(err)
		}
		a.AssembleWithContext(ip.NetworkFlow(), &tcp, gopacketInfo(info))
	}
	a.FlushAll()
	f.readers.Wait()
	return f.responses.Load()
}

type gopacketInfo gopacket.CaptureInfo

func (c gopacketInfo) GetCaptureInfo() gopacket.CaptureInfo { return gopacket.CaptureInfo(c) }

type gopacketStreams struct {
	readers   sync.WaitGroup
	responses atomic.Int64
}

func (f *gopacketStreams) New(_, _ gopacket.Flow, _ *layers.TCP, _ reassembly.AssemblerContext) reassembly.Stream {
	s := new(gopacketStream)
	for i, read := range []func(*bufio.Reader) int64{readRequests, readResponses} {
		r, w := io.Pipe()
		s.out[i] = w
		f.readers.Go(func() {
			f.responses.Add(read(bufio.NewReader(r)))
			_, _ = io.Copy(io.Discard, r)
		})
	}
	return s
}

// readRequests reads requests to the end, and returns how many responses there
// were among them.
func readRequests(r *bufio.Reader) int64 {
	for {
		req, err := http.ReadRequest(r)
		if err != nil {
			return 0
		}
		_, _ = io.Copy(io.Discard, req.Body)
	}
}

// readResponses reads responses to the end, and returns how many there were.
func readResponses(r *bufio.Reader) (n int64) {
	for {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return n
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		n++
	}
}

// gopacketStream is a connection: it gives each side's bytes to a reader.
type gopacketStream struct{ out [2]*io.PipeWriter }

func (s *gopacketStream) Accept(_ *layers.TCP, _ gopacket.CaptureInfo, _ reassembly.TCPFlowDirection, _ reassembly.Sequence, _ *bool, _ reassembly.AssemblerContext) bool {
	return true
}

func (s *gopacketStream) ReassembledSG(sg reassembly.ScatterGather, _ reassembly.AssemblerContext) {
	out := s.out[0]
	if dir, _, _, _ := sg.Info(); dir == reassembly.TCPDirServerToClient {
		out = s.out[1]
	}
	n, _ := sg.Lengths()
	_, _ = out.Write(sg.Fetch(n))
}

func (s *gopacketStream) ReassemblyComplete(reassembly.AssemblerContext) bool {
	s.out[0].Close()
	s.out[1].Close()
	return true
}

// exchangeCounter counts the exchanges in JSON lines.
type exchangeCounter struct {
	n    atomic.Int64
	tail []byte // of what was written before: the mark may be split
}

var exchangeMark = []byte("\n" + `{"event":"exchange",`)

func (c *exchangeCounter) Write(b []byte) (int, error) {
	seam := append(c.tail, b[:min(len(b), len(exchangeMark)-1)]...)
	c.n.Add(int64(bytes.Count(seam, exchangeMark) + bytes.Count(b, exchangeMark)))
	both := append(seam, b[min(len(b), len(exchangeMark)-1):]...)
	c.tail = append([]byte(nil), both[max(0, len(both)-len(exchangeMark)+1):]...)
	return len(b), nil
}

// readCaptureLimit is what the program may need to read a capture of any size.
const readCaptureLimit = 128 << 20

// TestReadMemory reads a long capture that is made meanwhile.
func TestReadMemory(t *testing.T) {
	size := int64(512 << 20)
	switch {
	case os.Getenv("SOCKTRACE_LONG") != "":
		size = 10 << 30
	case testing.Short():
		size = 64 << 20
	}
	for name, chats := range map[string][]chat{"small": smallChats(), "large": largeChats()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var in io.WriteCloser
			got := new(exchangeCounter)
			p := socktrace(t, func(c *exec.Cmd) {
				var err error
				if in, err = c.StdinPipe(); err != nil {
					t.Fatal(err)
				}
				c.Stdout = got
			}, "read", "-f", "jsonl", "-")
			want, err := writeCapture(in, size, chats)
			if err != nil {
				t.Fatal(err)
			}
			await(t, fmt.Sprintf("%d exchanges", want), func() bool { return got.n.Load() >= int64(want) })
			time.Sleep(10 * time.Millisecond) // for what follows the last exchange
			checkPeak(t, p, readCaptureLimit)
			if err := in.Close(); err != nil {
				t.Fatal(err)
			}
			end := p.end()
			check(t, "status", end.status, "exit status 0")
			check(t, "exchanges", got.n.Load(), int64(want))
		})
	}
}
