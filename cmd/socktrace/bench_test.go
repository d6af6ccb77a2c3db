package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testpeer"
)

// The benchmarks relay the same traffic through a plain copy loop and through
// socktrace --quiet, each in a process of its own, in one run: compare loop
// with quiet. The others show what the formats cost.

// interposers stand between the client and the daemon, which are both in this
// process. How fast a process is depends on where the system happens to place
// it, by more than what is measured here: so there are several loops and
// several of what is compared with them.
var interposers = []struct {
	name string
	args []string // of socktrace; nil is the loop
}{
	{"loop", nil},
	{"quiet", []string{"--quiet"}},
	{"loop", nil},
	{"quiet", []string{"--quiet"}},
	{"loop", nil},
	{"quiet", []string{"--quiet"}},
	{"loop", nil},
	{"quiet", []string{"--quiet"}},
	{"compact", []string{"-f", "compact", "-o", os.DevNull}},
	{"text", []string{"-o", os.DevNull}},
	{"jsonl", []string{"-f", "jsonl", "-o", os.DevNull}},
}

// childEnvVar makes TestBenchChild be an interposer: its value is the socket
// to listen on, the daemon's, and the arguments of socktrace, if it is not the
// loop.
const childEnvVar = "SOCKTRACE_BENCH_CHILD"

// TestBenchChild is not a test but the process of an interposer.
func TestBenchChild(t *testing.T) {
	words := strings.Fields(os.Getenv(childEnvVar))
	switch {
	case len(words) == 0:
	case len(words) == 2:
		copyLoop(words[0], words[1])
	default:
		args := append([]string{"listen", "--listen", "unix://" + words[0], "--upstream", "unix://" + words[1]}, words[2:]...)
		os.Exit(realMain(args, processStd()))
	}
}

// copyLoop is what anyone would write first: read, write, nothing else.
func copyLoop(path, upstream string) {
	l, err := net.Listen("unix", path)
	if err != nil {
		panic(err)
	}
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", upstream)
		if err != nil {
			panic(err)
		}
		go copyOneWay(server, client)
		go copyOneWay(client, server)
	}
}

func copyOneWay(dst, src net.Conn) {
	defer dst.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := src.Read(buf)
		if n > 0 {
			if _, err := dst.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// interpose starts an interposer before the daemon at upstream, and returns
// its socket.
func interpose(b *testing.B, upstream string, args []string) string {
	path, _ := interposeProcess(b, upstream, args)
	return path
}

// interposeProcess returns the process too.
func interposeProcess(b *testing.B, upstream string, args []string) (string, *os.Process) {
	path := filepath.Join(b.TempDir(), "s")
	child := exec.Command(os.Args[0], "-test.run=^TestBenchChild$")
	child.Env = append(os.Environ(), childEnvVar+"="+strings.Join(append([]string{path, upstream}, args...), " "))
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	})
	for range 500 {
		if c, err := net.Dial("unix", path); err == nil {
			c.Close()
			return path, child.Process
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.Fatalf("the interposer does not listen on %s", path)
	return "", nil
}

// serveUnix runs a daemon for the time of b.
func serveUnix(b *testing.B, serve func(net.Conn)) string {
	path := filepath.Join(b.TempDir(), "d")
	l, err := net.Listen("unix", path)
	if err != nil {
		b.Fatal(err)
	}
	testpeer.Serve(b, l, serve)
	return path
}

const (
	benchRequest  = "GET /v1.41/containers/json HTTP/1.1\r\nHost: api.moby.localhost\r\nUser-Agent: Docker-Client/28.2.2 (linux)\r\n\r\n"
	benchResponse = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nDocker-Experimental: false\r\n" +
		"Ostype: linux\r\nServer: Docker/20.10.24 (linux)\r\nDate: Sat, 21 Nov 2026 19:21:28 GMT\r\nContent-Length: 3\r\n\r\n[]\n"
)

// answerSmall is a daemon that answers small requests.
func answerSmall(c net.Conn) {
	buf := make([]byte, len(benchRequest))
	for {
		if _, err := io.ReadFull(c, buf); err != nil {
			return
		}
		if _, err := io.WriteString(c, benchResponse); err != nil {
			return
		}
	}
}

// turn is how many round trips an interposer has before it is another's turn.
const turn = 100

// takeTurn makes the round trips of a turn.
func takeTurn(b *testing.B, c net.Conn) {
	buf := make([]byte, len(benchResponse))
	for range turn {
		if _, err := io.WriteString(c, benchRequest); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(c, buf); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRoundTrip is one small request after another on a connection that is
// kept. The interposers take turns within one run, so that the ratio to the
// loop, x-loop, holds on a busy machine; it is the ratio of the medians.
func BenchmarkRoundTrip(b *testing.B) {
	upstream := serveUnix(b, answerSmall)
	conns := make([]net.Conn, len(interposers))
	rounds := make(map[string][]float64) // nanoseconds a round trip, by turn
	for i, it := range interposers {
		c, err := net.Dial("unix", interpose(b, upstream, it.args))
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		conns[i] = c
	}
	for b.Loop() {
		for i, it := range interposers {
			start := time.Now()
			takeTurn(b, conns[i])
			rounds[it.name] = append(rounds[it.name], float64(time.Since(start).Nanoseconds())/turn)
		}
	}
	b.ReportMetric(0, "ns/op")
	loop := median(rounds["loop"])
	b.ReportMetric(loop, "loop-ns")
	delete(rounds, "loop")
	for name, r := range rounds {
		b.ReportMetric(median(r)/loop, name+"/loop")
	}
}

// BenchmarkRecordLatency is how long a client waits with a HAR and without, as a ratio to the
// plain loop: for a small exchange on a connection that is kept, and for one on a new one, from
// dial to the end of the answer. The interposers take turns, as above, and what is compared is
// the lower quarter, which is least disturbed. On two processors expect of quiet/loop 1.15 kept
// and 1.2 new, of har/loop 1.7 and 1.5: an entry is in the file before the answer goes on.
func BenchmarkRecordLatency(b *testing.B) {
	upstream := serveUnix(b, answerSmall)
	between := []struct {
		name string
		args []string
	}{{"loop", nil}, {"quiet", []string{"-q"}}, {"har", []string{"-q", "--har", filepath.Join(b.TempDir(), "1.har")}}}
	paths := make([]string, len(between))
	for i, it := range between {
		paths[i] = interpose(b, upstream, it.args)
	}
	for _, kept := range []bool{true, false} {
		b.Run(map[bool]string{true: "kept", false: "new"}[kept], func(b *testing.B) {
			took := make([][]float64, len(between)) // nanoseconds of each exchange
			for b.Loop() {
				for i, path := range paths {
					took[i] = append(took[i], exchanges(b, path, kept)...)
				}
			}
			b.ReportMetric(0, "ns/op")
			loop := lowerQuarter(took[0])
			b.ReportMetric(loop, "loop-ns")
			for i := 1; i < len(between); i++ {
				b.ReportMetric(lowerQuarter(took[i])/loop, between[i].name+"/loop")
			}
		})
	}
}

// exchanges returns how long each exchange of a turn took: all on one connection, or each on
// one of its own.
func exchanges(b *testing.B, path string, kept bool) (took []float64) {
	var c net.Conn
	buf := make([]byte, len(benchResponse))
	for range turn {
		start := time.Now()
		if c == nil {
			var err error
			if c, err = net.Dial("unix", path); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := io.WriteString(c, benchRequest); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(c, buf); err != nil {
			b.Fatal(err)
		}
		took = append(took, float64(time.Since(start).Nanoseconds()))
		if !kept {
			c.Close()
			c = nil
		}
	}
	if c != nil {
		c.Close()
	}
	return took
}

// lowerQuarter returns what a quarter of them is below.
func lowerQuarter(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/4]
}

// BenchmarkRecord is what recording costs, and telling a collector: the processor time of the process,
// of system calls too, for a small exchange, and as a ratio to that of --quiet.
// The processes take turns, as above. It needs Linux.
func BenchmarkRecord(b *testing.B) {
	upstream := serveUnix(b, answerSmall)
	dir := b.TempDir()
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer collector.Close()
	recorders := []struct {
		name string
		args []string
	}{
		{"quiet", []string{"-q"}},
		{"har", []string{"-q", "--har", filepath.Join(dir, "1.har")}},
		{"har.gz", []string{"-q", "--har", filepath.Join(dir, "2.har.gz")}},
		{"pcapng", []string{"-q", "--pcapng", filepath.Join(dir, "3.pcapng")}},
		{"jsonl", []string{"-f", "jsonl", "-o", filepath.Join(dir, "4.jsonl")}},
		{"otlp", []string{"-q", "--otlp", collector.URL}},
		{"har+otlp", []string{"-q", "--har", filepath.Join(dir, "5.har"), "--otlp", collector.URL}},
	}
	conns := make([]net.Conn, len(recorders))
	procs := make([]*os.Process, len(recorders))
	before := make([]float64, len(recorders))
	for i, r := range recorders {
		var path string
		path, procs[i] = interposeProcess(b, upstream, r.args)
		c, err := net.Dial("unix", path)
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		conns[i] = c
		before[i] = processorTime(b, procs[i].Pid)
	}
	trips := 0
	for b.Loop() {
		for _, c := range conns {
			takeTurn(b, c)
		}
		trips += turn
	}
	b.ReportMetric(0, "ns/op")
	var quiet float64
	for i, r := range recorders {
		each := (processorTime(b, procs[i].Pid) - before[i]) / float64(trips)
		if i == 0 {
			quiet = each
			b.ReportMetric(quiet, "quiet-cpu-ns")
			continue
		}
		b.ReportMetric(each/quiet, r.name+"/quiet")
	}
}

// processorTime returns how many nanoseconds the threads of a process have run.
func processorTime(b *testing.B, pid int) float64 {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		b.Skip("the system does not tell the processor time of threads")
	}
	sum := 0.0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		ns, err := strconv.ParseFloat(strings.Fields(string(text))[0], 64)
		if err != nil {
			b.Fatal(err)
		}
		sum += ns
	}
	return sum
}

// BenchmarkBulk is a body of 1 GiB from the daemon to the client, in turns as
// above: the ratios are of speeds.
func BenchmarkBulk(b *testing.B) {
	const size = 1 << 30
	piece := make([]byte, 64<<10)
	upstream := serveUnix(b, func(c net.Conn) {
		r := bufio.NewReader(c)
		if _, err := r.ReadString('\n'); err != nil {
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nConnection: close\r\n\r\n")
		for range size / len(piece) {
			if _, err := c.Write(piece); err != nil {
				return
			}
		}
	})
	paths := make([]string, len(interposers))
	times := make(map[string][]float64)
	for i, it := range interposers {
		paths[i] = interpose(b, upstream, it.args)
	}
	buf := make([]byte, 64<<10)
	for b.Loop() {
		for i, it := range interposers {
			start := time.Now()
			c, err := net.Dial("unix", paths[i])
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.WriteString(c, "GET /images/x/get HTTP/1.1\r\nHost: docker\r\n\r\n")
			n := 0
			for {
				k, err := c.Read(buf)
				n += k
				if err != nil {
					break
				}
			}
			c.Close()
			if n < size {
				b.Fatalf("%s: %d bytes of %d", it.name, n, size)
			}
			times[it.name] = append(times[it.name], time.Since(start).Seconds())
		}
	}
	b.ReportMetric(0, "ns/op")
	loop := median(times["loop"])
	b.ReportMetric(size/loop/1e6, "loop-MB/s")
	delete(times, "loop")
	for name, t := range times {
		b.ReportMetric(loop/median(t), name+"/loop")
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
