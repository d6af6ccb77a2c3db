//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// talks returns the connections of all recorded sessions.
func talks(t *testing.T) (all []*transcript.Conn) {
	t.Helper()
	for _, c := range append(tracetest.Captures(t), tracetest.Load(t, "../../decode/testdata/transcripts/*.txt")...) {
		all = append(all, c.Conns...)
	}
	return all
}

// at once says how many connections of a capture are open together.
const atOnce = 12

// shuffled calls next for connections again and again, of which a few are open at once: it is
// told which connection that is, in which place, and what of it comes next; the chunk is nil at
// its end.
func shuffled(all []*transcript.Conn, seed uint64, next func(place, conn int, chunk *transcript.Chunk)) {
	r := rand.New(rand.NewPCG(seed, 1))
	order := append(r.Perm(len(all)), r.Perm(len(all))...) // each twice
	var open [atOnce]struct {
		conn, at int
		busy     bool
	}
	for left := len(order); left > 0; {
		place := r.IntN(atOnce)
		o := &open[place]
		if !o.busy {
			if len(order) == 0 {
				continue
			}
			o.conn, o.at, o.busy, order = order[0], 0, true, order[1:]
			next(place, o.conn, &transcript.Chunk{})
		}
		for range 1 + r.IntN(4) {
			if chunks := all[o.conn].Chunks; o.at < len(chunks) {
				next(place, o.conn, &chunks[o.at])
				o.at++
				continue
			}
			next(place, o.conn, nil)
			o.busy = false
			left--
			break
		}
	}
}

// plainCapture returns a capture of all connections, as tcpdump makes it.
func plainCapture(t *testing.T, all []*transcript.Conn, seed uint64) []byte {
	t.Helper()
	var out bytes.Buffer
	g := &capturer{w: bufio.NewWriter(&out), now: 1795288868e6}
	g.begin()
	var conns [atOnce]*capturedConn
	shuffled(all, seed, func(place, _ int, chunk *transcript.Chunk) {
		switch {
		case chunk == nil:
			g.shut(conns[place])
			conns[place] = nil
		case conns[place] == nil:
			conns[place] = new(capturedConn)
			g.open(conns[place])
		default:
			side := int(chunk.Dir)
			for data := chunk.Data; len(data) > 0; data = data[min(len(data), captureMSS):] {
				g.send(conns[place], side, psh|ack, data[:min(len(data), captureMSS)])
			}
			g.send(conns[place], 1-side, ack, nil)
		}
	})
	if err := g.w.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// recordedCapture returns a capture of all connections, as socktrace makes it.
func recordedCapture(t *testing.T, all []*transcript.Conn, seed uint64) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := pcap.NewWriter(&out, pcap.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var conns [atOnce]*wire.Conn
	var taps [atOnce]wire.Tap
	now, last := time.Unix(1795288868, 0), 0
	shuffled(all, seed, func(place, conn int, chunk *transcript.Chunk) {
		now = now.Add(time.Millisecond)
		switch {
		case chunk == nil:
			taps[place].End(now, nil)
			conns[place] = nil
		case conns[place] == nil:
			last += 2 // others were inside of it
			conns[place] = all[conn].Wire(last, now)
			conns[place].Start = now
			taps[place] = w.Tap(conns[place])
			if last%3 == 0 {
				for _, ev := range tracetest.Handshakes(conns[place], now) {
					taps[place].(wire.TLSTap).TLS(ev)
				}
			}
		default:
			taps[place].Chunk(wire.Chunk{Conn: conns[place], Time: now, Dir: chunk.Dir, Data: chunk.Data, EOF: chunk.EOF})
		}
	})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// disordered returns a pcap file in which packets are missing, and others in wrong order.
func disordered(file []byte, seed uint64) []byte {
	const head, record = 24, 16
	var packets [][]byte
	for b := file[head:]; len(b) > 0; {
		n := record + int(binary.LittleEndian.Uint32(b[8:]))
		packets, b = append(packets, b[:n]), b[n:]
	}
	r := rand.New(rand.NewPCG(seed, 2))
	for i := range packets {
		switch r.IntN(60) {
		case 0:
			packets[i] = nil
		case 1, 2:
			j := min(i+1+r.IntN(4), len(packets)-1)
			packets[i], packets[j] = packets[j], packets[i]
		}
	}
	return append(bytes.Clone(file[:head]), bytes.Join(packets, nil)...)
}

// marks are those of what was masked, which are others each time.
var marks = regexp.MustCompile(`(#|%23)[0-9a-f]{8}`)

// TestLanes: a capture that several processors decode says what one says, to the byte. It is not
// parallel: the number of processors is that of the process.
func TestLanes(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(4)
	needs := wire.Needs{Messages: true}
	l := (&trace{memory: memory.New(1 << 30), decode: decode.Options{Needs: needs}}).lanes()
	if l == nil {
		t.Fatal("one goroutine does all on four processors")
	}
	l.Close()
	dir := t.TempDir()
	all := talks(t)
	plain := plainCapture(t, all, 1)
	files := map[string][]byte{"plain.pcap": plain, "disordered.pcap": disordered(plain, 1), "recorded.pcapng": recordedCapture(t, all, 2)}
	for name, data := range files {
		files := []string{filepath.Join(dir, name)}
		if err := os.WriteFile(files[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
		if name == "plain.pcap" { // and a series, with something in between
			files = append(files, recordedRuns(t)[0], filepath.Join(dir, "recorded.pcapng"))
			if err := os.WriteFile(files[2], recordedCapture(t, all, 3), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for i, flags := range []string{
			"-q", "-f text", "-f text --show-secrets --color always", "-f compact", "-f jsonl", "-f jsonl --events exchange,anomaly", "-q --stats",
			"-f jsonl --show-secrets --max-body 0", "-f jsonl --filter operation==\"ContainerCreate\"", "-f compact --filter status>=400", "-q --show-secrets --har " + filepath.Join(dir, "out.har"),
		} {
			if testing.Short() && i%5 != 1 {
				continue
			}
			t.Run(name+" "+strings.ReplaceAll(flags, dir, ""), func(t *testing.T) {
				var got [2]string
				for i, processors := range []int{1, 4} {
					runtime.GOMAXPROCS(processors)
					r := called(t, append(append([]string{"read"}, strings.Fields(flags)...), files...)...)
					got[i] = r.status + "\n" + r.err + r.out
					if strings.Contains(flags, "--har") {
						got[i] += readFile(t, filepath.Join(dir, "out.har"))
					}
					got[i] = marks.ReplaceAllString(got[i], "#")
				}
				checkLines(t, "on four processors", got[1], got[0])
				if !strings.Contains(got[0], "exchanges") && len(got[0]) < 1000 {
					t.Errorf("there is not much: %s", got[0])
				}
			})
		}
	}
}
