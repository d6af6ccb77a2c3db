package pcap

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/wire"
)

// tshark runs tshark on a file with these bytes. Checksums are verified; else
// its settings are what they are after installation.
func tshark(t testing.TB, file []byte, args ...string) []byte {
	t.Helper()
	path := need.Program(t, "tshark")
	name := filepath.Join(t.TempDir(), "file.pcapng")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-r", name, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"}, args...)
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME=")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark %q: %v\n%s", args, err, stderr.Bytes())
	}
	return out
}

// message is what both tshark and we can say of an HTTP message.
type message struct {
	start string // "GET /uri" or "200"
	body  string // or coded
}

// coded stands for a body with a content coding: which ones tshark can undo
// depends on how it was built.
const coded = "(coded)"

func (m message) String() string {
	if len(m.body) <= 100 {
		return fmt.Sprintf("%s %q", m.start, m.body)
	}
	return fmt.Sprintf("%s %q… of %d bytes", m.start, m.body[:100], len(m.body))
}

// pdml is the part of tshark's XML that says what HTTP messages there are.
type pdml struct {
	Packets []struct {
		Protos []field `xml:"proto"`
	} `xml:"packet"`
}

type field struct {
	Name   string  `xml:"name,attr"`
	Show   string  `xml:"show,attr"`
	Value  string  `xml:"value,attr"`
	Fields []field `xml:"field"`
}

// walk calls visit for every field in f.
func (f *field) walk(visit func(*field)) {
	visit(f)
	for i := range f.Fields {
		f.Fields[i].walk(visit)
	}
}

// tsharkMessages returns the messages that tshark finds, by connection (from 0)
// and direction.
func tsharkMessages(t testing.TB, file []byte, args ...string) map[int]*[2][]message {
	t.Helper()
	var doc pdml
	args = append(args, "-Y", "http", "-T", "pdml", "-J", "tcp http")
	if err := xml.Unmarshal(tshark(t, file, args...), &doc); err != nil {
		t.Fatal(err)
	}
	all := make(map[int]*[2][]message)
	for _, p := range doc.Packets {
		stream := 0
		for i := range p.Protos {
			proto := &p.Protos[i]
			var method, uri, status, body, coding string
			proto.walk(func(f *field) {
				switch f.Name {
				case "tcp.stream":
					stream, _ = strconv.Atoi(f.Show)
				case "http.request.method":
					method = unhex(t, f.Value)
				case "http.request.uri":
					uri = unhex(t, f.Value)
				case "http.response.code":
					status = unhex(t, f.Value)
				case "http.file_data":
					body = unhex(t, f.Value)
				case "http.content_encoding":
					coding = f.Show
				}
			})
			if coding != "" {
				body = coded
			}
			if all[stream] == nil {
				all[stream] = new([2][]message)
			}
			switch s := all[stream]; {
			case method != "":
				s[wire.ToServer] = append(s[wire.ToServer], message{method + " " + uri, body})
			case status != "":
				s[wire.ToClient] = append(s[wire.ToClient], message{status, body})
			}
		}
	}
	return all
}

func unhex(t testing.TB, s string) string {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// decodedMessages returns the messages of s, by direction.
func decodedMessages(s session) *[2][]message {
	found := new([2][]message)
	add := func(dir wire.Dir, start string, fields []wire.Field) {
		m := message{start: start}
		for _, f := range fields {
			if strings.EqualFold(f.Name, "Content-Encoding") {
				m.body = coded
			}
		}
		found[dir] = append(found[dir], m)
	}
	tap := decode.New(s.conn, decode.Options{Needs: wire.Needs{Fields: true, Body: 1 << 30, Keeps: true}}, func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Request:
			add(ev.Dir, ev.Method+" "+ev.Target, ev.Fields)
		case *wire.Response:
			add(ev.Dir, strconv.Itoa(ev.Status), ev.Fields)
		case *wire.Body:
			if of := found[ev.Dir]; of[len(of)-1].body == "" {
				of[len(of)-1].body = string(ev.Data)
			}
		}
	})
	s.Play(s.conn, tap)
	return found
}

// otherwise is which transcripts tshark understands differently, and why. The
// packets are not the reason.
var otherwise = map[string]string{
	"bad_chunk":        "tshark throws the body away, and calls the packet malformed",
	"bad_codings":      "tshark gives up after a transfer coding that it does not know",
	"bad_lengths":      "tshark believes another of the lengths",
	"bad_request_line": "tshark wants no method, and answers are to follow the rules",
	"client_hangs_up":  "tshark shows no body that did not come to its end",
	"coding_bad":       "tshark shows no body that did not come to its end",
	"coding_lies":      "tshark shows no body that is not in its coding",
	"connect":          "tshark takes a tunnel for a body",
	"garbage":          "tshark does not find its way back",
	"hijack_200":       "tshark knows nothing of Docker's streams",
	"lost_begun":       "tshark shows no body that did not come to its end",
	"lost_in_chunk":    "tshark shows no body that did not come to its end",
	"lost_in_head":     "tshark shows no head that did not come to its end",
	"lost_in_upgrade":  "tshark shows no head that did not come to its end",
	"lost_to_border":   "tshark shows no body that did not come to its end",
	"nested_connect":   "tshark sees some of what is in a tunnel, as if it were outside",
	"nested_hijack":    "tshark stops at the upgrade",
	"nested_slow":      "tshark sees some of what is in a tunnel, as if it were outside",
	"nested_upgrade":   "tshark sees some of what is in a stream, as if it were outside",
	"not_nested":       "tshark takes a tunnel for a body",
	"odd_heads":        "tshark wants methods in capitals",
	"pipelining":       "tshark knows the last request only, not which ones wait for an answer",
	"proxy_bad":        "tshark wants a right header before HTTP",
	"proxy_binary":     "tshark wants a right header before HTTP",
	"proxy_cut":        "tshark does not find its way behind a header",
	"proxy_garbage":    "tshark wants a right header before HTTP",
	"proxy_line":       "tshark does not see requests behind some headers",
	"proxy_nested":     "tshark takes one header before HTTP, not several",
	"proxy_slow":       "tshark does not see requests behind some headers",
	"reset":            "tshark ends no body by a reset",
	"socks4":           "tshark wants the port of SOCKS",
	"socks5":           "tshark wants the port of SOCKS",
	"socks5_password":  "tshark wants the port of SOCKS",
	"socks5_refused":   "tshark does not find its way back",

	"answer_not_found":  "tshark does not find its way back",
	"bare_lf":           "tshark wants CRLF at the end of a body",
	"early_end":         "tshark believes all lengths",
	"expect_refused":    "tshark waits for the body",
	"last_chunk":        "tshark wants the empty line",
	"lost_unknown":      "tshark shows no body that did not come to its end",
	"odd_start_lines":   "tshark wants start lines as the RFC has them",
	"preface_refused":   "tshark takes no preface for a request",
	"stray_behind_body": "tshark does not find its way back",
	"stray_behind_none": "tshark shows the bodies",
	"swallowed":         "tshark does not find its way back",
	"transfer_codings":  "tshark shows no body in a coding of the transfer",
}

// TestTsharkHTTP has tshark find the same messages in recordings that package
// decode finds in the bytes themselves.
func TestTsharkHTTP(t *testing.T) {
	all := sessions(t)
	found := tsharkMessages(t, record(t, all))
	for i, s := range all {
		got, want := found[i], decodedMessages(s)
		if got == nil {
			got = new([2][]message)
		}
		same := slices.Equal(got[0], want[0]) && slices.Equal(got[1], want[1])
		if otherwise[s.name] == "" && !same {
			t.Errorf("%s, connection %d\ntshark: %v\nwant:   %v", s.name, s.conn.ID, *got, *want)
		}
	}
}

// faults is a filter for packets that tshark finds anything wrong with: it
// cannot take them apart, their checksums or lengths are bad, data before them
// is missing.
const faults = "_ws.malformed || tcp.analysis.flags || tcp.checksum.status != 1 || " +
	"ip && ip.checksum.status != 1 || ipv6 && ipv6.plen == 0"

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

// malformed are the transcripts that carry what tshark calls malformed.
var malformed = []string{"bad_chunk", "bad_lengths", "json_by_content", "multipart", "bare_lf", "last_chunk", "preface_refused", "transfer_codings", "proxy_bad", "proxy_binary", "proxy_cut", "proxy_garbage", "proxy_line", "socks4", "socks5", "socks5_refused"}

func TestTsharkClean(t *testing.T) {
	bad := func(s session) bool {
		lost := slices.ContainsFunc(s.Chunks, func(c transcript.Chunk) bool { return c.Lost != 0 })
		return lost || slices.Contains(malformed, s.name)
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
