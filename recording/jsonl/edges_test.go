package jsonl

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// TestSet has numbers in any order, and forgets those that are out of it when there
// are too many.
func TestSet(t *testing.T) {
	var s set
	has := func(want ...int) {
		t.Helper()
		var got []int
		for n := 1; n < 12; n++ {
			if s.has(n) {
				got = append(got, n)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("it has %d, want %d", got, want)
		}
	}
	has()
	s.add(1)
	s.add(1)
	has(1)
	s.add(4)
	s.add(3)
	s.add(9)
	has(1, 3, 4, 9)
	if s.add(2); s.upTo != 4 || len(s.more) != 1 {
		t.Errorf("up to %d, and %v", s.upTo, s.more)
	}
	has(1, 2, 3, 4, 9)
	for n := 5; n <= 8; n++ {
		s.add(n)
	}
	if s.upTo != 9 || len(s.more) != 0 {
		t.Errorf("up to %d, and %v", s.upTo, s.more)
	}
	for n := range 1 << 16 {
		s.add(100 + n)
	}
	if len(s.more) != 1<<16 || !s.has(100) {
		t.Errorf("%d more", len(s.more))
	}
	if s.add(99); len(s.more) != 1 || s.has(100) || !s.has(99) || !s.has(9) {
		t.Errorf("%d more than there may be", len(s.more))
	}
}

// TestManyOpen bounds what is open at once: the exchanges of a connection, and
// connections.
func TestManyOpen(t *testing.T) {
	var told []string
	s := conns{open: make(map[int]*conn), emit: func(ev wire.Event) { told = append(told, fmt.Sprintf("%T %d", ev, ev.EventMeta().Exchange)) }}
	c := s.begin(1, t0)
	for n := 1; n <= 4096; n++ {
		if c.exchange(n) == nil {
			t.Fatalf("exchange %d is not remembered", n)
		}
	}
	first := c.open[1]
	if c.exchange(maxOpen+1) != nil || c.exchange(0) != nil || c.exchange(1) != first {
		t.Error("more are remembered than may be, or less")
	}
	delete(c.open, 1)
	if c.exchange(1) != nil || !c.ended(1) || c.ended(2) || c.ended(maxOpen+1) {
		t.Error("an exchange that has ended begins again")
	}
	if c.exchange(maxOpen+1) == nil {
		t.Error("there is room for one more")
	}
	for n := 2; n <= 1<<16; n++ {
		s.begin(n, t0)
	}
	if len(s.open) != 1<<16 || len(told) != 0 {
		t.Errorf("%d are open, %d events", len(s.open), len(told))
	}
	if next := s.begin(maxConns+1, t0); len(s.open) != 1 || next.wire.ID != 2*maxConns+1 || len(told) != maxOpen+maxConns {
		t.Errorf("%d are open, the next is %d, %d events", len(s.open), next.wire.ID, len(told))
	}
	if told[0] != "*wire.End 2" || told[maxOpen-1] != fmt.Sprint("*wire.End ", maxOpen+1) || told[maxOpen] != "*wire.Close 0" {
		t.Errorf("%s, then %s and %s", told[0], told[maxOpen-1], told[maxOpen])
	}
}

// TestNotRemembered tells of an exchange of which nothing is remembered.
func TestNotRemembered(t *testing.T) {
	var lines strings.Builder
	for n := 1; n <= maxOpen+1; n++ {
		fmt.Fprintf(&lines, `{"event":"request",%s,"conn":1,"exchange":%d,"method":"GET"}`+"\n", at, n)
	}
	fmt.Fprintf(&lines, `{"event":"exchange",%s,"conn":1,"exchange":%d,"state":"done","request":{"header_bytes":1}}`+"\n", at, maxOpen+1)
	events, repairs := read(t, lines.String())
	requests, ends := 0, 0
	for _, ev := range events {
		switch ev := ev.(type) {
		case *wire.Request:
			requests++
		case *wire.End:
			if ends++; ends == 1 && (ev.Exchange != maxOpen+1 || ev.State != wire.StateDone) {
				t.Errorf("%+v", ev)
			}
		}
	}
	if requests != maxOpen+1 || ends != maxOpen+1 || len(repairs) > 0 {
		t.Errorf("%d requests, %d ends, %q", requests, ends, repairs)
	}
}

// TestNumbers takes counts as large as they may be, and no others.
func TestNumbers(t *testing.T) {
	with := func(property, value string) string {
		inner, outer := property, ""
		if side, name, ok := strings.Cut(property, "."); ok {
			inner, outer = name, side
		}
		s := fmt.Sprintf(`"%s":%s`, inner, value)
		if outer != "" {
			s = fmt.Sprintf(`"%s":{%s}`, outer, s)
		}
		rest := `"conn":1,"exchange":1,`
		if property == "conn" || property == "exchange" {
			rest = map[string]string{"conn": `"exchange":1,`, "exchange": `"conn":1,`}[property]
		}
		return `{"event":"exchange",` + at + `,` + rest + s + `}` + "\n"
	}
	for property, most := range map[string]string{
		"offset": "4611686018427387903", "header_bytes": "4611686018427387903", "body_bytes": "4611686018427387903", "wire_bytes": "4611686018427387903",
		"size": "4611686018427387903", "missing": "4611686018427387903", "bytes_to_server": "4611686018427387903",
		"bytes_to_client": "4611686018427387903", "events": "4611686018427387903", "bytes": "4611686018427387903",
		"index": "4611686018427387903", "exchange": "4611686018427387903", "conn": "4294967295",
		"request.header_bytes": "4611686018427387903", "request.body_bytes": "4611686018427387903", "request.wire_bytes": "4611686018427387903",
		"response.header_bytes": "4611686018427387903", "response.body_bytes": "4611686018427387903", "response.wire_bytes": "4611686018427387903",
	} {
		if _, repairs := read(t, with(property, most)); len(repairs) > 0 {
			t.Errorf("%s, the most: %q", property, repairs)
		}
		more := json.Number(most)
		n, _ := more.Int64()
		for _, value := range []string{fmt.Sprint(n + 1), "-1"} {
			if _, repairs := read(t, with(property, value)); len(repairs) != 1 || !strings.HasSuffix(repairs[0], "it has a number that no count can be") {
				t.Errorf("%s, %s: %q", property, value, repairs)
			}
		}
	}
}

// TestNeeded reads events that have no more than they must.
func TestNeeded(t *testing.T) {
	for event, want := range map[string]string{
		"open": "conn", "message": "conn", "upgrade": "conn", "eof": "conn", "anomaly": "conn", "close": "conn", "dropped": "",
		"request": "exchange", "response": "exchange", "body": "exchange", "exchange": "exchange",
	} {
		for has, text := range map[string]string{"": "", "conn": `,"conn":1`, "exchange": `,"conn":1,"exchange":1`} {
			_, repairs := read(t, `{"event":"`+event+`",`+at+text+"}\n")
			if said := len(repairs) == 0; said != (len(has) >= len(want)) {
				t.Errorf("%s with %s: %q", event, has, repairs)
			}
		}
	}
	_, repairs := read(t, `{"event":"eof",`+at+`,"conn":1,"start":"soon"}`+"\n")
	if len(repairs) != 1 || !strings.HasSuffix(repairs[0], `"soon" is no time`) {
		t.Errorf("%q", repairs)
	}
}

// TestCarried tells how far a connection had come that was not closed, by the places
// of what was in it, and when that was.
func TestCarried(t *testing.T) {
	const later = `"time":"2026-01-02T03:04:09.000000000Z","conn":1,"exchange":1`
	for _, c := range []struct {
		line string
		want [2]int64
	}{
		{`"event":"request","dir":"to_server","offset":5,"header_bytes":10`, [2]int64{15, 0}},
		{`"event":"response","dir":"to_client","offset":5,"header_bytes":11`, [2]int64{0, 16}},
		{`"event":"body","dir":"to_client","offset":100,"wire_bytes":7,"body_bytes":50`, [2]int64{0, 107}},
		{`"event":"message","dir":"to_server","offset":1,"size":3`, [2]int64{4, 0}},
		{`"event":"eof","dir":"to_server","offset":9`, [2]int64{9, 0}},
	} {
		events, _ := read(t, `{"event":"open",`+at+`,"conn":1}`+"\n{"+later+`,`+c.line+"}\n"+`{"event":"eof",`+at+`,"conn":1,"dir":"to_client"}`+"\n")
		end, ok := events[len(events)-1].(*wire.Close)
		if want := time.Date(2026, 1, 2, 3, 4, 9, 0, time.UTC); !ok || end.Bytes != c.want || !end.End.Equal(want) || !end.Stopped {
			t.Errorf("%s: %+v", c.line, events[len(events)-1])
		}
	}
}

// TestFirstByte tells when an answer came, as far as that is a time.
func TestFirstByte(t *testing.T) {
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for ms, want := range map[string]time.Duration{"1.5": 1500 * time.Microsecond, "-2": -2 * time.Millisecond, "0.0000014": time.Nanosecond, "1e300": 0, "-1e300": 0, "null": 0} {
		events, repairs := read(t, `{"event":"exchange",`+at+`,"conn":1,"exchange":1,"ttfb_ms":`+ms+`,"response":{"header_bytes":3},"status":200}`+"\n")
		found := false
		for _, ev := range events {
			if p, ok := ev.(*wire.Response); ok {
				found = p.Start.Equal(begin.Add(want)) && p.End.Equal(p.Start) && p.Dir == wire.ToClient && p.Status == 200
			}
		}
		if !found || len(repairs) > 0 {
			t.Errorf("%s ms: %q, or not then", ms, repairs)
		}
	}
}

// TestFieldLines reads how fields were sent, and takes no odd notes of that.
func TestFieldLines(t *testing.T) {
	pairs := [][2]string{{"a", "b"}, {"c", "d"}}
	plain := wire.Field{Name: "a", Value: "b", Line: "a: b"}
	for _, c := range []struct {
		note, want string
		field      wire.Field // the second
	}{
		{`[1,"c:d"]`, "", wire.Field{Name: "c", Value: "d", Line: "c:d"}},
		{`[1]`, "", wire.Field{Name: "c", Value: "d", Masked: true}},
		{`[1,"eA==","/w==","eDr/"]`, "", wire.Field{Name: "x", Value: "\xff", Line: "x:\xff"}},
		{`[1,"eA==","/w=="]`, "", wire.Field{Name: "x", Value: "\xff", Masked: true}},
		{`[2,"c:d"]`, "", wire.Field{Name: "c", Value: "d", Line: "c: d"}},
		{`[-1,"c:d"]`, "", wire.Field{Name: "c", Value: "d", Line: "c: d"}},
		{`[]`, "odd", wire.Field{}}, {`["1"]`, "odd", wire.Field{}}, {`[1,2]`, "odd", wire.Field{}}, {`[1,"a","?"]`, "odd", wire.Field{}},
		{`[1,"eA==","eA==","eA==","eA=="]`, "odd", wire.Field{}}, {`{}`, "odd", wire.Field{}},
	} {
		var l lineNote
		err := json.Unmarshal([]byte(c.note), &l)
		if (err != nil) != (c.want == "odd") {
			t.Errorf("%s: %v", c.note, err)
		}
		if err != nil {
			continue
		}
		if got := fieldsOf(pairs, []lineNote{l}, nil, "", true); got[0] != plain || got[1] != c.field {
			t.Errorf("%s: %+v", c.note, got)
		}
	}
	masked := fieldsOf(pairs, nil, []string{"x.c", "y.a"}, "x.", true)
	if masked[0] != plain || masked[1] != (wire.Field{Name: "c", Value: "d", Masked: true}) {
		t.Errorf("%+v", masked)
	}
	if got := fieldsOf(pairs, nil, nil, "x.", false); got[0] != (wire.Field{Name: "a", Value: "b"}) {
		t.Errorf("%+v", got)
	}
	for version, want := range map[string]bool{"HTTP/1.1": true, "": true, "HTTP/2.0": false, "HTTP/3.0": false} {
		if hasLines(version) != want {
			t.Errorf("%s has lines: %v", version, !want)
		}
	}
}

// TestLatin1 reads bytes that are no UTF-8.
func TestLatin1(t *testing.T) {
	n := &note{Latin1: []string{"method", "target"}}
	for _, c := range []struct{ key, text, want string }{
		{"method", "\u00e9\u00ff", "\xe9\xff"}, {"target", "\u00e9", "\xe9"}, {"version", "\u00e9", "\u00e9"}, {"method", "\u00e9\u0100", "\u00e9\u0100"},
	} {
		if got := n.sent(c.key, c.text); got != c.want {
			t.Errorf("%s %q: %q", c.key, c.text, got)
		}
	}
}

// TestParents puts a connection inside another that is not told of, unless that is
// itself, or none.
func TestParents(t *testing.T) {
	for parent, want := range map[string]string{
		`{"conn":2,"exchange":7}`: "1 2, in 2 of 7", `{"conn":1,"exchange":7}`: "1", `{"exchange":7}`: "1", `null`: "1",
	} {
		events, _ := read(t, `{"event":"open",`+at+`,"conn":1,"parent":`+parent+"}\n")
		opened := map[int]bool{}
		var inside wire.Parent
		for _, ev := range events {
			if open, ok := ev.(*wire.Open); ok {
				opened[open.Conn.ID] = true
				if open.Conn.ID == 1 {
					inside = open.Conn.Parent
				}
			}
		}
		got := "1"
		if opened[2] {
			got += " 2"
		}
		if inside.Conn != nil {
			got += fmt.Sprintf(", in %d of %d", inside.Conn.ID, inside.Exchange)
		}
		if got != want || !opened[1] {
			t.Errorf("%s: %s, want %s", parent, got, want)
		}
	}
}

// TestHeldDocument gives a body the document before it only if it is all of it, as it
// was sent.
func TestHeldDocument(t *testing.T) {
	for _, c := range []struct {
		name, messages, body, want string
	}{
		{"all of it", `,"kind":"json","size":2,"json":{}`, `"content":"json","body_bytes":2`, "{}"},
		{"more of it", `,"kind":"json","size":2,"json":{}`, `"content":"json","body_bytes":3`, ""},
		{"another kind", `,"kind":"json","size":2,"json":{}`, `"content":"text","body_bytes":2`, ""},
		{"it was longer", `,"kind":"json","size":3,"json":{}`, `"content":"json","body_bytes":3`, ""},
		{"the second", `,"kind":"json","index":1,"size":2,"json":{}`, `"content":"json","body_bytes":2`, ""},
		{"escaped", `,"kind":"json","size":4,"json":"\n"`, `"content":"json","body_bytes":4`, ""},
		{"another direction", `,"dir":"to_client","kind":"json","size":2,"json":{}`, `"content":"json","body_bytes":2`, ""},
		{"it is told", `,"kind":"json","size":2,"json":{}`, `"content":"json","body_bytes":2,"begin_base64":"W10="`, "[]"},
	} {
		events, _ := read(t, `{"event":"message",`+at+`,"conn":1,"exchange":1`+c.messages+"}\n"+
			`{"event":"body",`+at+`,"conn":1,"exchange":1,"wire_bytes":2,`+c.body+"}\n")
		for _, ev := range events {
			if b, ok := ev.(*wire.Body); ok && string(b.Data) != c.want {
				t.Errorf("%s: %q, want %q", c.name, b.Data, c.want)
			}
		}
	}
}

// TestCutLines cuts lines of any length at any place of what is read at once.
func TestCutLines(t *testing.T) {
	for size := 64<<10 - 2; size <= 64<<10+2; size++ {
		for _, most := range []int{size - 1, size, maxLine} {
			l := newReader(strings.NewReader(strings.Repeat("x", size)+"\nshort\n\nlast"), nil).lines
			l.max = most
			var got []string
			line, err := l.next()
			for ; err == nil; line, err = l.next() {
				got = append(got, fmt.Sprint(len(line), " ", l.tooLong(), " ", l.torn, " ", l.n, " ", l.size))
			}
			want := []string{fmt.Sprint(size, " false false 1 ", size), "5 false false 2 5", "0 false false 3 0", "4 false true 4 4"}
			if most < size {
				want[0] = fmt.Sprint("0 true false 1 ", size)
			}
			if err != io.EOF || !reflect.DeepEqual(got, want) {
				t.Errorf("%d bytes of %d: %v, %q", size, most, err, got)
			}
		}
	}
}

// TestMaskedNames reads what was masked in each event.
func TestMaskedNames(t *testing.T) {
	for _, event := range []string{"request", "response", "message", "body", "exchange"} {
		events, _ := read(t, `{"event":"`+event+`",`+at+`,"conn":1,"exchange":1,"masked":["a","b"],"wire_bytes":0}`+"\n")
		var got []string
		switch ev := events[1].(type) {
		case *wire.Request:
			got = ev.Masked
		case *wire.Response:
			got = ev.Masked
		case *wire.Message:
			got = ev.Masked
		case *wire.Body:
			got = ev.Masked
		case *wire.End:
			got = ev.Masked
		}
		if !reflect.DeepEqual(got, []string{"a", "b"}) {
			t.Errorf("%s: %T has %q", event, events[1], got)
		}
	}
}

// TestExchangeAlone makes all parts of an exchange of its line alone.
func TestExchangeAlone(t *testing.T) {
	line := `{"event":"exchange","time":"2026-01-02T03:04:09Z","start":"2026-01-02T03:04:05Z","conn":1,"exchange":4,"client":{"addr":"tcp://c:1","pid":7,"name":"n"},` +
		`"state":"aborted","method":"GET","target":"/t","scheme":"http","authority":"d","stream":5,"status":200,"reason":"OK","ttfb_ms":1000,` +
		`"request":{"version":"HTTP/1.1","headers":[["a","b"]],"header_bytes":9,"wire_bytes":3,"body_bytes":4,"content":"text","body":"xyz"},` +
		`"response":{"version":"HTTP/1.0","headers":[["c","d"]],"header_bytes":8,"wire_bytes":5,"body_bytes":6,"content":"binary","coding":"gzip","body_base64":"/w==","incomplete":true,"truncated":true,"digest":"x"},` +
		`"interim":[{"status":103,"reason":"E","version":"HTTP/1.1","headers":[["l","m"]],"header_bytes":7}],` +
		`"upgrade":"tcp","upgrade_content":"raw","upgrade_reason":"why","anomalies":[{"dir":"to_client","code":"odd","offset":11,"detail":"that","lost":2}],` +
		`"subject":{"type":"exec","id":"i","name":"n","container":"c"},"details":[["cmd","ls"],["a",""]],"error":"e","exit_code":-3,"client_left":true,` +
		`"streams":{"stdout":{"frames":2,"bytes":3}},"reset":{"dir":"to_client","code":8},"masked":["m"]}` + "\n"
	events, repairs := read(t, line)
	var got []string
	for _, ev := range events {
		m := ev.EventMeta()
		s := fmt.Sprintf("%T %d.%d %v @%d %s-%s", ev, m.Conn.ID, m.Exchange, m.Dir, m.Off, m.Start.Format("05.0"), m.End.Format("05.0"))
		switch ev := ev.(type) {
		case *wire.Open:
			s += fmt.Sprintf(" %s %d %d %s", ev.Conn.Client.Addr, ev.Conn.Client.Process.PID, ev.Conn.Client.Process.UID, ev.Conn.Client.Process.Name)
		case *wire.Request:
			s += fmt.Sprint(" ", ev.Method, ev.Target, ev.Version, ev.Scheme, ev.Authority, ev.Stream, ev.HeadBytes, ev.Fields[0].Line)
		case *wire.Response:
			s += fmt.Sprint(" ", ev.Status, ev.Reason, ev.Version, ev.HeadBytes, ev.Fields[0].Line, ev.Interim)
		case *wire.Body:
			s += fmt.Sprintf(" %v %s %d %d %q %t %t %s", ev.Content, ev.Coding, ev.WireBytes, ev.Bytes, ev.Data, ev.Complete, ev.Truncated, ev.Digest)
		case *wire.Upgrade:
			s += fmt.Sprint(" ", ev.Protocol, ev.Content, ev.Reason)
		case *wire.Anomaly:
			s += fmt.Sprint(" ", ev.Code, ev.Detail, ev.Lost)
		case *wire.End:
			s += fmt.Sprint(" ", ev.State, *ev.Reset, ev.Streams[wire.KindStdout], ev.Masked, ev.Upgrade, ev.Bodies, ev.About.Subject, ev.About.Details, ev.About.Outcome.Error, *ev.About.Outcome.Exit, ev.About.Outcome.Left)
		case *wire.Close:
			s += fmt.Sprint(" ", ev.Bytes, ev.Err)
		}
		got = append(got, strings.TrimPrefix(s, "*wire."))
	}
	want := []string{
		"Open 1.0 to_server @0 05.0-05.0 tcp://c:1 7 -1 n",
		"Request 1.4 to_server @0 05.0-05.0 GET/thttpd5 9a: b",
		`Body 1.4 to_server @0 05.0-05.0 text  3 4 "xyz" true false `,
		"Response 1.4 to_client @0 06.0-06.0 103EHTTP/1.17l: mtrue",
		"Response 1.4 to_client @0 06.0-06.0 200OKHTTP/1.08c: dfalse",
		"Upgrade 1.4 to_client @0 06.0-06.0 tcprawwhy",
		`Body 1.4 to_client @0 06.0-09.0 binary gzip 5 6 "\xff" false true x`,
		"Anomaly 1.4 to_client @11 09.0-09.0 oddthat2",
		"End 1.4 to_server @0 05.0-09.0 aborted {to_client 8} {2 3} [m] <nil> [<nil> <nil>] {exec i n c} [{cmd ls} {a }]e-3 true",
		"Close 1.0 to_server @0 09.0-09.0 [9 11]trace stopped",
	}
	if !reflect.DeepEqual(got, want) || len(repairs) > 0 {
		t.Errorf("%q, told\n%s\nwant\n%s", repairs, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestAbout: each of what a line may tell of subject and outcome is told, and nothing
// is where there is none.
func TestAbout(t *testing.T) {
	exit := int64(0)
	for part, want := range map[string]*wire.About{
		``:                                nil,
		`"subject":{"type":"container"},`: {Subject: wire.Subject{Type: "container"}},
		`"details":[["a","b"]],`:          {Details: []wire.Detail{{Name: "a", Value: "b"}}},
		`"error":"e",`:                    {Outcome: wire.Outcome{Error: "e"}},
		`"exit_code":0,`:                  {Outcome: wire.Outcome{Exit: &exit}},
		`"client_left":true,`:             {Outcome: wire.Outcome{Left: true}},
		// What cannot be read is as if it was not there.
		`"subject":"web","error":"e",`: {Outcome: wire.Outcome{Error: "e"}},
		`"subject":{"type":"container","id":5},"error":5,"client_left":"yes","exit_code":0,`:     {Outcome: wire.Outcome{Exit: &exit}},
		`"subject":{"type":"container"},"details":{"a":"b"},"exit_code":1.5,"client_left":null,`: {Subject: wire.Subject{Type: "container"}},
		`"details":[["a"],["a","b","c"],5,[1,2],["a","b"],null],"exit_code":"x","grpc":5,`:       {Details: []wire.Detail{{Name: "a", Value: "b"}}},
		`"subject":null,"error":null,"details":[[]],"grpc":null,`:                                nil,
	} {
		events, _ := read(t, `{"event":"exchange",`+at+`,`+part+`"conn":1,"exchange":1}`+"\n")
		if got := events[1].(*wire.End).About; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v", part, got)
		}
	}
}

// TestLatin1Everywhere reads each property that may have been no UTF-8, if its line
// says so, and only that.
func TestLatin1Everywhere(t *testing.T) {
	const rest = `"conn":1,"exchange":1,"method":"é","target":"é","version":"é","scheme":"é","authority":"é","reason":"é","name":"é",` +
		`"coding":"é","protocol":"é","detail":"é","kind":"text","wire_bytes":0`
	for event, keys := range map[string][]string{
		"request": {"method", "target", "version", "scheme", "authority"}, "response": {"version", "reason"}, "message": {"name"},
		"body": {"coding"}, "upgrade": {"protocol"}, "anomaly": {"detail"},
	} {
		for _, key := range append(keys, "none") {
			events, repairs := read(t, `{"event":"`+event+`",`+at+`,"latin1":["`+key+`"],`+rest+"}\n")
			var got []string
			switch ev := events[1].(type) {
			case *wire.Request:
				got = []string{ev.Method, ev.Target, ev.Version, ev.Scheme, ev.Authority}
			case *wire.Response:
				got = []string{ev.Version, ev.Reason}
			case *wire.Message:
				got = []string{ev.Name}
			case *wire.Body:
				got = []string{ev.Coding}
			case *wire.Upgrade:
				got = []string{ev.Protocol}
			case *wire.Anomaly:
				got = []string{ev.Detail}
			}
			var want []string
			for _, k := range keys {
				want = append(want, map[bool]string{true: "\xe9", false: "é"}[k == key])
			}
			if !reflect.DeepEqual(got, want) || len(repairs) > 0 {
				t.Errorf("%s with %s: got %q, want %q, repairs %q", event, key, got, want, repairs)
			}
		}
	}
	if f := fieldsOf([][2]string{}, nil, nil, "", true); f != nil {
		t.Errorf("no fields are %#v", f)
	}
}
