package pcap

import (
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// http2 is the version of messages in HTTP/2.
const http2 = "HTTP/2"

// breaking are the codes of what breaks the rules of HTTP/2 or gRPC, or cannot be
// known since a capture began late or has gaps.
var breaking = []string{"bad-http2", "bad-hpack", "malformed-head", "bad-grpc", "unknown-fields", "lost"}

// breaksHTTP2 says whether events are of a connection of HTTP/2 that breaks its
// rules, or is not known from its beginning on.
func breaksHTTP2(evs []wire.Event) bool {
	return speaksHTTP2(evs) && slices.ContainsFunc(evs, func(ev wire.Event) bool {
		a, ok := ev.(*wire.Anomaly)
		return ok && slices.Contains(breaking, a.Code)
	})
}

// speaksHTTP2 says whether there are messages of HTTP/2 among events.
func speaksHTTP2(evs []wire.Event) bool {
	return slices.ContainsFunc(evs, func(ev wire.Event) bool {
		switch ev := ev.(type) {
		case *wire.Request:
			return ev.Version == http2
		case *wire.Response:
			return ev.Version == http2
		}
		return false
	})
}

// stream is what both tshark and we can say of a stream of HTTP/2.
type stream struct {
	method, path, authority string
	status                  string   // of all answers, interim ones too
	data                    [2]int64 // bytes of content, of who sent the request and of who answers
	tunnel                  bool     // data is not known: what travels has no bodies
}

// streams are those of a connection, by their numbers.
type streams map[uint64]*stream

func (s streams) of(id uint64) *stream {
	if s[id] == nil {
		s[id] = new(stream)
	}
	return s[id]
}

func (s streams) String() string {
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(&b, "\n\t%d: %+v", id, *s[id])
	}
	return b.String()
}

// h2frame is what tshark says of one frame.
type h2frame struct {
	stream
	id             uint64
	kind           string
	length, padded int64
}

// The types of frames that have what messages consist of (RFC 9113, section 6), as
// tshark has them.
const (
	dataFrame         = "0"
	headersFrame      = "1"
	continuationFrame = "9"
)

// tsharkFrame reads a frame from its fields.
func tsharkFrame(proto *field) h2frame {
	var f h2frame
	proto.walk(func(in *field) {
		switch in.Name {
		case "http2.streamid":
			f.id, _ = strconv.ParseUint(in.Show, 10, 32)
		case "http2.type":
			f.kind = in.Show
		case "http2.length":
			f.length, _ = strconv.ParseInt(in.Show, 10, 64)
		case "http2.flags.padded":
			if in.Show == "1" || in.Show == "True" {
				f.padded++ // the length itself
			}
		case "http2.pad_length":
			n, _ := strconv.ParseInt(in.Show, 10, 64)
			f.padded += n
		case "http2.headers.method":
			f.method = in.Show
		case "http2.headers.path":
			f.path = in.Show
		case "http2.headers.authority":
			f.authority = in.Show
		case "http2.headers.status":
			f.status = in.Show
		}
	})
	return f
}

// tsharkStreams returns the streams that tshark finds, by connection (from 0).
func tsharkStreams(t testing.TB, file []byte) map[int]streams {
	t.Helper()
	var doc pdml
	if err := xml.Unmarshal(tshark(t, file, "-Y", "http2", "-T", "pdml", "-J", "tcp http2"), &doc); err != nil {
		t.Fatal(err)
	}
	all := make(map[int]streams)
	asking := make(map[*stream]string) // the port that its request came from
	for _, p := range doc.Packets {
		conn, port := 0, ""
		for i := range p.Protos {
			proto := &p.Protos[i]
			if proto.Name == "tcp" {
				proto.walk(func(f *field) {
					switch f.Name {
					case "tcp.stream":
						conn, _ = strconv.Atoi(f.Show)
					case "tcp.srcport":
						port = f.Show
					}
				})
			}
			if proto.Name != "http2" {
				continue
			}
			if all[conn] == nil {
				all[conn] = make(streams)
			}
			all[conn].add(tsharkFrame(proto), port, asking)
		}
	}
	return all
}

// add adds a frame that came from port. asking is told of requests.
func (s streams) add(f h2frame, port string, asking map[*stream]string) {
	if f.kind != dataFrame && f.kind != headersFrame && f.kind != continuationFrame {
		return
	}
	of := s.of(f.id)
	if f.method != "" {
		of.method, of.authority = f.method, f.authority
		asking[of] = port
	}
	of.path += f.path // it may be in a later frame than the method
	if f.status != "" {
		of.status += " " + f.status
	}
	switch {
	case f.kind != dataFrame:
	case asking[of] == port:
		of.data[0] += f.length - f.padded
	default:
		of.data[1] += f.length - f.padded
	}
}

// decodedStreams returns the streams of HTTP/2 that evs are of.
func decodedStreams(evs []wire.Event) streams {
	type exchange struct {
		conn *wire.Conn
		n    int
	}
	all := make(streams)
	begun := make(map[exchange]*stream)
	asking := make(map[*stream]wire.Dir)
	for _, ev := range evs {
		m := ev.EventMeta()
		key := exchange{m.Conn, m.Exchange}
		of := begun[key]
		switch ev := ev.(type) {
		case *wire.Request:
			if ev.Version == http2 {
				of = all.of(uint64(ev.Stream))
				of.method, of.path, of.authority = ev.Method, wire.FieldValue(ev.Fields, ":path"), ev.Authority
				begun[key], asking[of] = of, ev.Dir
			}
		case *wire.Response:
			if of != nil {
				of.status += " " + strconv.Itoa(ev.Status)
			}
		case *wire.Upgrade:
			if of != nil {
				of.tunnel = true
			}
		case *wire.Body:
			if of != nil && ev.Dir == asking[of] {
				of.data[0] += ev.WireBytes
			} else if of != nil {
				of.data[1] += ev.WireBytes
			}
		}
	}
	return all
}

// TestTsharkHTTP2 has tshark find the same streams of HTTP/2 in recordings that
// package decode finds in the bytes themselves, in connections that keep its rules.
func TestTsharkHTTP2(t *testing.T) {
	all := sessions(t)
	found := tsharkStreams(t, record(t, all))
	compared := 0
	for i, s := range all {
		evs := decoded(s)
		if !speaksHTTP2(evs) || breaksHTTP2(evs) {
			continue
		}
		compared++
		got, want := found[i], decodedStreams(evs)
		for id, w := range want {
			if g := got[id]; w.tunnel && g != nil {
				g.tunnel, g.data = true, w.data
			}
		}
		if got.String() != want.String() {
			t.Errorf("%s, connection %d\ntshark: %v\nwant:   %v", s.name, s.conn.ID, got, want)
		}
	}
	if compared < 7 {
		t.Errorf("compared %d connections", compared)
	}
}
