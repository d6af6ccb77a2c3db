package pcap

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// faults is a filter for packets that tshark finds anything wrong with: it
// cannot take them apart, their checksums or lengths are bad, data before them
// is missing. That an assertion of its own fails is no fault of theirs.
const faults = `_ws.malformed && !(_ws.expert.message contains "failed assertion") || _ws.expert.message contains "Malformed Packet" || ` +
	"tcp.analysis.flags || tcp.checksum.status != 1 || ip && ip.checksum.status != 1 || ipv6 && ipv6.plen == 0"

// wantClean fails t for every packet that tshark finds faults with, and unless the
// file holds so many connections, of which none is empty.
func wantClean(t testing.TB, file []byte, conns int) {
	t.Helper()
	said := make(map[string]bool)
	for line := range strings.Lines(string(tshark(t, file, "-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.stream"))) {
		said[line] = true
	}
	if len(said) != conns {
		t.Errorf("tshark finds bytes in %d connections, want %d", len(said), conns)
	}
	out := tshark(t, file, "-Y", faults, "-T", "fields", "-e", "frame.number", "-e", "tcp.stream", "-e", "_ws.col.Info", "-e", "_ws.expert.message")
	for line := range strings.Lines(string(out)) {
		t.Error(line)
	}
}

// malformed are the transcripts that carry what tshark calls malformed; those that
// break the rules of HTTP/2 aside. The PRIORITY_UPDATE in h2_frames names no stream,
// and decoders do not look into it; nested_grpc has messages that are none.
var malformed = []string{"h2_frames", "nested_grpc", "bad_chunk", "bad_lengths", "json_by_content", "multipart", "bare_lf", "last_chunk", "preface_refused", "transfer_codings", "proxy_bad", "proxy_binary", "proxy_cut", "proxy_garbage", "proxy_line", "socks4", "socks5", "socks5_refused"}

func TestTsharkClean(t *testing.T) {
	bad := func(s session) bool {
		lost := slices.ContainsFunc(s.Chunks, func(c transcript.Chunk) bool { return c.Lost != 0 })
		return lost || slices.Contains(malformed, s.name) || breaksHTTP2(decoded(s))
	}
	clean := slices.DeleteFunc(sessions(t), bad)
	said := 0
	for _, s := range clean {
		if slices.ContainsFunc(s.Chunks, func(c transcript.Chunk) bool { return len(c.Data) > 0 }) {
			said++
		}
	}
	if said < 50 {
		t.Fatalf("%d transcripts say something", said)
	}
	wantClean(t, record(t, clean), said)
}

// TestTsharkCleanStops has connections that are open when the recording ends,
// after anything.
func TestTsharkCleanStops(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	to, from := wire.ToServer, wire.ToClient
	ask, answer := []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\n\r\n")
	want := 0
	for i, chunks := range [][]wire.Chunk{
		{},
		{{Dir: to, Data: ask}},
		{{Dir: to, Data: ask}, {Dir: from, Data: answer}},
		{{Dir: to, Data: ask}, {Dir: from, Data: answer}, {Dir: from, Data: answer}},
		{{Dir: to, Data: ask, EOF: true}, {Dir: from, Data: answer}},
		{{Dir: to, Data: ask}, {Dir: from, Data: answer, EOF: true}},
		{{Dir: to, Data: ask, EOF: true}, {Dir: from, Data: answer, EOF: true}},
		{{Dir: from, EOF: true}},
	} {
		tap := w.Tap(&wire.Conn{ID: i + 1, Start: epoch})
		for _, c := range chunks {
			c.Time = epoch.Add(time.Second)
			tap.Chunk(c)
		}
		tap.End(epoch.Add(time.Minute), wire.ErrStopped)
		if len(chunks) > 0 && len(chunks[0].Data) > 0 {
			want++
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	wantClean(t, b.Bytes(), want)
}
