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

// decodedMessages returns the messages of HTTP/1 in s, by direction. Those of HTTP/2,
// from its beginning or behind an upgrade, are not among them.
func decodedMessages(s session) *[2][]message {
	found := new([2][]message)
	begun := make(map[part]int) // the last message of each, from 1
	add := func(m *wire.Meta, version, start string, fields []wire.Field) {
		if version == http2 {
			return
		}
		msg := message{start: start}
		for _, f := range fields {
			if strings.EqualFold(f.Name, "Content-Encoding") {
				msg.body = coded
			}
		}
		found[m.Dir] = append(found[m.Dir], msg)
		begun[part{m.Conn, m.Exchange, m.Dir}] = len(found[m.Dir])
	}
	for _, ev := range decoded(s) {
		switch ev := ev.(type) {
		case *wire.Request:
			add(&ev.Meta, ev.Version, ev.Method+" "+ev.Target, ev.Fields)
		case *wire.Response:
			add(&ev.Meta, ev.Version, strconv.Itoa(ev.Status), ev.Fields)
		case *wire.Body:
			n := begun[part{ev.Conn, ev.Exchange, ev.Dir}]
			if n > 0 && found[ev.Dir][n-1].body == "" {
				found[ev.Dir][n-1].body = content(s, ev)
			}
		}
	}
	return found
}

// part is one direction of an exchange.
type part struct {
	conn     *wire.Conn
	exchange int
	dir      wire.Dir
}

// decoded returns what package decode says of s.
func decoded(s session) []wire.Event {
	var evs []wire.Event
	needs := wire.Needs{Fields: true, Body: 1 << 30, Keeps: true}
	s.Play(s.conn, decode.New(s.conn, decode.Options{Needs: needs}, func(ev wire.Event) { evs = append(evs, ev) }))
	return evs
}

// content returns a body of s. Of messages of gRPC, decoders keep the text and not
// the bytes: these are where the body was.
func content(s session, body *wire.Body) string {
	if body.Content != wire.KindGRPC || body.WireBytes != body.Bytes {
		return string(body.Data)
	}
	var all []byte
	for _, c := range s.Chunks {
		if c.Dir == body.Dir {
			all = append(all, c.Data...)
		}
	}
	return string(all[body.Off:][:body.WireBytes])
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
