package har_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// TestPlaces finds entries wherever programs put them.
func TestPlaces(t *testing.T) {
	one, two := plainEntry, strings.Replace(plainEntry, "/x", "/y", 1)
	for _, c := range []struct{ doc, repairs string }{
		{inLog(one, two), ""},
		{"\ufeff" + inLog(one) + "\r\n\ufeff" + inLog(two), ""},
		{"/* from a browser */\n" + inLog(one, two) + "// end", "comments, le 2"},
		{one + "\n" + two + "\n", "entries that 2"},
		{"\x1e" + one + "\n\x1e" + two + "\n", "entries that 2"},
		{"[" + one + "," + two + "]", "entries that 2"},
		{"[" + inLog(one) + "," + inLog(two) + "]", ""},
		{`{"version":"1.2","entries":[` + one + "," + two + "]}", "entries that 1"},
		{`{"_id":5,` + one[1:] + two, "entries that 2"},
		{`{"har":` + inLog(one, two) + `}`, ""},
		{`{"data":{"result":` + inLog(one, two) + `}}`, ""},
		{`{"log":[` + one + "," + two + "]}", ""},
		{`{"log":{"entries":{"a":` + one + `,"b":` + two + `}}}`, "members that 1"},
		{`{"log":{"entries":[` + one + `],"entries":[` + two + `]}}`, ""},
		{`{"log":{"entries":[` + one + `]},"log":{"entries":[` + two + `]}}`, ""},
		{`{"log":{"entries":null}}` + inLog(one, two), "members that 1"},
		{`{"log":null}` + inLog(one, two), "members that 1"},
		{inLog("null", one, "5", "[{}]", `"a"`, two, "{}"), "entries that 4, entries with 1"},
		{inLog(one, two) + "/", "1 byte behind the document was left out"},
		{inLog(one, two) + "/x", "2 bytes behind the document were left out"},
		{inLog(one, two) + "\xef\xbb", "2 bytes behind the document were left out"},
		{inLog(one, two) + "\n}]}", "3 bytes behind the document were left out"},
		{inLog(one, two) + ` garbage {"`, "10 bytes behind the document were left out"},
	} {
		got, repairs := stories(t, c.doc)
		want := plainStory + "\n" + strings.Replace(plainStory, "/x", "/y", 1)
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: read\n%s", c.doc, strings.Join(got, "\n"))
		}
		if said := strings.TrimSuffix(kindsOf(repairs), " "); said != c.repairs && strings.Join(repairs, ", ") != c.repairs {
			t.Errorf("%s: said %q, want %q (%q)", c.doc, said, c.repairs, repairs)
		}
	}
}

// TestNothing fails where nothing can be read.
func TestNothing(t *testing.T) {
	for doc, want := range map[string]string{
		`{"level":"info","time":"2026-01-02T03:04:05Z"}` + "\n" + `{"level":"info"}`: `an object with "level" instead of a log`,
		`{"a":1`:                       `an object with "a" instead of a log`,
		`{"a":1} {`:                    `an object with "a" instead of a log`,
		`[]`:                           "it is a JSON array",
		`[[{}]]`:                       "it is a JSON array",
		`{"request":5}`:                "it has no log",
		inLog("1", "null"):             "none of its 2 entries could be read",
		`{"log" {"entries":[`:          "it has no log",
		`{"a":{"log":{"entries":[]}}}`: `an object with "a" instead of a log`,
		"{\x00\x00\x00":                "it has no log",
	} {
		evs, _, err := readAll([]byte(doc))
		if err == nil || err.Error() != "not a HAR file: "+want || len(evs) > 0 {
			t.Errorf("%s: %v, %d events, want %s", doc, err, len(evs), want)
		}
	}
}

// TestTimes gives entries without a time that of the answer, or of the entry
// before; never one that is none.
func TestTimes(t *testing.T) {
	const at = `"startedDateTime":"2026-01-02T03:04:05.678Z"`
	dated := strings.Replace(plainEntry, `{"name":"Server","value":"s"}`, `{"name":"date","value":"Fri, 02 Jan 2026 04:00:00 GMT"}`, 1)
	var all []string
	for i, c := range []struct{ entry, time string }{
		{plainEntry, `"startedDateTime":null`},
		{plainEntry, at},
		{plainEntry, `"startedDateTime":"0001-01-01T00:00:00Z"`},
		{dated, `"_":0`},
		{plainEntry, `"startedDateTime":1767323045678`},
		{plainEntry, `"startedDateTime":"1767323045.5"`},
		{plainEntry, `"startTime":"2026-01-02T03:04:05"`},
		{plainEntry, `"startedDateTime":{"$date":"x"}`},
	} {
		all = append(all, strings.Replace(c.entry, at, c.time, 1))
		_ = i
	}
	got, repairs := stories(t, inLog(all...))
	for i, want := range []string{"1970-01-01T00:00:00Z", "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z", "2026-01-02T04:00:00Z",
		"2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.5Z", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"} {
		if !strings.HasSuffix(got[i], want+" +12.5ms") {
			t.Errorf("entry %d: %s, want %s", i+1, got[i], want)
		}
	}
	if said, want := kindsOf(repairs), "times withou 1, times in ano 2, entries with 4, members that 1, members that 1, members in a 1"; said != want {
		t.Errorf("said %q, want %q", said, want)
	}
}

// TestOddMessages keeps the good messages among odd ones.
func TestOddMessages(t *testing.T) {
	socket := strings.Replace(plainEntry, `"timings"`, `"_webSocketMessages":[
{"type":"send","time":1767323046,"opcode":1,"data":"plain"},
{"type":"receive","time":"1767323046.25","opcode":"1","data":"text"},
{"type":"received","time":"2026-01-02T03:04:06.5Z","opcode":1,"data":{"an":"object"}},
null, 5, [],
{"type":"incoming","time":1767323046750,"opcode":2,"data":"-_8"},
{"type":"send","time":NaN,"opcode":null,"data":null},
{"type":"send","time":1767323047.5,"opcode":1.0,"data":"last","masked":["a"]},{"type":"send","data":"odd","masked":5}],"timings"`, 1)
	evs, repairs, err := readAll([]byte(inLog(socket)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, ev := range evs {
		if m, ok := ev.(*wire.Message); ok && m.Kind == wire.KindWebSocket {
			got = append(got, fmt.Sprintf("%v %d %q %s", m.Dir, m.Opcode, m.Data, m.End.UTC().Format("05.00")))
		}
	}
	want := []string{fmt.Sprint(wire.ToServer, ` 0 "" 05.69`), fmt.Sprint(wire.ToServer, ` 1 "plain" 06.00`), fmt.Sprint(wire.ToClient, ` 1 "text" 06.25`),
		fmt.Sprint(wire.ToClient, ` 1 "{\"an\":\"object\"}" 06.50`), fmt.Sprint(wire.ToClient, ` 2 "\xfb\xff" 06.75`), fmt.Sprint(wire.ToServer, ` 1 "last" 07.50`)}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(repairs) == 0 {
		t.Error("nothing is said")
	}
}

// TestLoneMessage reads a message that stands in the place of the list of all.
func TestLoneMessage(t *testing.T) {
	doc := inLog(strings.Replace(plainEntry, `"timings"`, `"_webSocketMessages":{"type":"send","opcode":1,"data":"alone"},"timings"`, 1))
	evs, repairs, err := readAll([]byte(doc))
	n := 0
	for _, ev := range evs {
		if m, ok := ev.(*wire.Message); ok && m.Kind == wire.KindWebSocket && string(m.Data) == "alone" {
			n++
		}
	}
	if said := kindsOf(repairs); err != nil || n != 1 || said != "members that 1" {
		t.Errorf("%v, %d messages, said %q", err, n, said)
	}
}

// TestCut reads what there is of a file that is cut anywhere: all whole entries,
// and of the last what there is if that has a request.
func TestCut(t *testing.T) {
	doc := inLog(plainEntry, strings.Replace(plainEntry, "/x", "/y", 1))
	first := strings.Index(doc, plainEntry)
	second := strings.LastIndex(doc, `{"started`)
	request := strings.Index(plainEntry, `,"response"`)
	response := strings.Index(plainEntry, `,"timings"`)
	for cut := 1; cut < len(doc); cut++ {
		evs, _, err := readAll([]byte(doc[:cut]))
		if err == nil {
			t.Fatalf("cut at %d: it is whole", cut)
		}
		if cut > first && (!errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "the file is cut short")) {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		var want []string
		for _, begin := range []int{first, second} {
			state := wire.StatePartial
			if cut >= begin+len(plainEntry) {
				state = wire.StateDone
			}
			switch {
			case cut >= begin+response:
				want = append(want, fmt.Sprint("POST 200 ", state))
			case cut >= begin+request:
				want = append(want, fmt.Sprint("POST ", state))
			}
		}
		var got []string
		for _, x := range exchanges(evs) {
			s := x.Request.Method + " "
			if x.Response != nil {
				s += fmt.Sprint(x.Response.Status, " ")
			}
			got = append(got, fmt.Sprint(s, x.State))
		}
		if strings.Join(got, "; ") != strings.Join(want, "; ") {
			t.Fatalf("cut at %d, %q: %q, want %q", cut, doc[max(0, cut-20):cut], got, want)
		}
		if said := fmt.Sprintf("entries read: %d,", len(got)); cut > first && !strings.Contains(err.Error(), said) {
			t.Fatalf("cut at %d: %v, want %s", cut, err, said)
		}
	}
}

// TestCutText has a file end within an escape, or within a string that nobody needs.
func TestCutText(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{strings.TrimSuffix(inLog(plainEntry), "}}") + `,"x":"abc\`, "entries read: 1, bytes left out: 1"},
		{strings.TrimSuffix(inLog(plainEntry), "}}") + `,"x":"abc`, "entries read: 1, bytes left out: 1"},
		{strings.TrimSuffix(inLog(plainEntry), "}}") + `,"x\`, "entries read: 1, bytes left out: "},
		{strings.TrimSuffix(inLog(plainEntry), "]}}") + `,{"request":{"method":"GET","url":"http://d/\u00`, "entries read: 1, bytes left out: "},
		{strings.TrimSuffix(inLog(plainEntry), "]}}") + `,{"request":{"method":"GET","url":"http://d/\`, "entries read: 1, bytes left out: "},
	} {
		evs, _, err := readAll([]byte(c.doc))
		if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(fmt.Sprint(err), c.want) || len(exchanges(evs)) != 1 {
			t.Errorf("%s: %v, %d exchanges", c.doc[len(c.doc)-20:], err, len(exchanges(evs)))
		}
	}
	broken := errors.New("broken disk")
	in := io.MultiReader(strings.NewReader(inLog(plainEntry)+"garbage"), iotest.ErrReader(broken))
	if _, err := har.Read(in, func(wire.Event) {}); !errors.Is(err, broken) || err.Error() != "har: broken disk" {
		t.Errorf("behind the document: %v", err)
	}
}

// TestBroken goes on behind places where a file is broken, and accounts for them.
func TestBroken(t *testing.T) {
	good := func(n int) string { return strings.Replace(plainEntry, "/x", fmt.Sprint("/", n), 1) }
	for _, c := range []struct {
		odd, got string
		left     int
	}{
		{`{"startedDateTime" "2026-01-02T03:04:05.678Z"}`, "1 2 3", 48},
		{strings.Replace(good(9), `"http://d/9"`, `"http://d/9`, 1), "1 2 3", len(good(9)) + 1},
		{strings.Replace(good(9), `"response":{`, `"response":{{`, 1), "1 9 2 3", 0},
		{strings.Repeat("\x00", 5000), "1 2 3", 5002},
		{`"`, "1 3", -1},
		{`}`, "1 2 3", 3},
		{strings.Replace(good(9), `"response":{`, `"_streamMessages":[}],"_socktrace":[[}],"response":{`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `"response":{`, `"_socktrace":[[{"a":]}],"response":{`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `"headers":[{`, `"headers":{"a":[}],"b":[{`, 1), "1 2 3", -1},
		{`{"request":{"method":"GET","url":"http://d/9"},"response":{]}`, "1 9 2 3", -1},
		{strings.Replace(good(9), `"{\"a\":1}"`, `{"a" 1}`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `"{\"a\":1}"`, `{a:1}`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `"{\"a\":1}"`, `[:]`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `"{\"a\":1}"`, `[1}`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `[{"name":"Server","value":"s"}]`, `{"Server" "s"}`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `[{"name":"Server","value":"s"}]`, `{Server:"s"}`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `[{"name":"Server","value":"s"}]`, `{"Server":["s"}`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `[{"name":"Server","value":"s"}]`, `[{"name":"Server"]`, 1), "1 9 2 3", -1},
		{strings.Replace(good(9), `"time":12.5`, `"time"::`, 1), "1 2 3", -1},
	} {
		doc := inLog(good(1), c.odd, good(2), good(3))
		evs, repairs, err := readAll([]byte(doc))
		var got []string
		for _, x := range exchanges(evs) {
			got = append(got, x.Request.Target[1:])
		}
		if err == nil || !strings.HasPrefix(err.Error(), "the file is broken (") || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%.50s: %v", c.odd, err)
		}
		if strings.Join(got, " ") != c.got {
			t.Errorf("%.50s: read %q, want %s; %v, %q", c.odd, got, c.got, err, repairs)
		}
		if said := fmt.Sprintf("entries read: %d, bytes left out: %d", len(got), c.left); c.left > 0 && !strings.Contains(err.Error(), said) {
			t.Errorf("%.50s: %v, want %s", c.odd, err, said)
		}
	}
	// What is broken in front of the entries.
	doc := strings.Replace(inLog(good(1)), `"creator":{`, `"creator":{{`, 1)
	if evs, _, err := readAll([]byte(doc)); err == nil || len(exchanges(evs)) != 1 {
		t.Errorf("%v, %d exchanges", err, len(exchanges(evs)))
	}
}

// TestManyConnections bounds how many are open: those that were not used for the
// longest time end.
func TestManyConnections(t *testing.T) {
	const n = 40_000
	r, w := io.Pipe()
	go func() {
		io.WriteString(w, `{"log":{"entries":[`)
		for i := range n {
			for _, conn := range []int{0, i} {
				fmt.Fprintf(w, `{"startedDateTime":"2026-01-02T03:04:05Z","connection":"%d","request":{"method":"GET","url":"http://x/"},"response":{"status":200}},`, conn)
			}
		}
		io.WriteString(w, `]}}`)
		w.Close()
	}()
	open, most, opened, first := 0, 0, 0, 0
	repairs, err := har.Read(r, func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Open:
			open++
			opened++
		case *wire.Close:
			open--
			if ev.Conn.ID == 1 {
				first++
			}
		}
		most = max(most, open)
	})
	if err != nil || most != 32<<10 || open != 0 || opened != n || first != 1 {
		t.Errorf("%v: %d open at once, %d at the end, %d opened; the one that is used all the time was closed %d times", err, most, open, opened, first)
	}
	if said := kindsOf(repairs); said != "commas or va 1, connections 16385" {
		t.Errorf("said %q", said)
	}
}

// TestManyParts bounds what is known of exchanges whose last part has not come:
// too many are ended, and each is ended once.
func TestManyParts(t *testing.T) {
	const n, size = 3000, 30_000
	big := strings.Repeat("x", size)
	r, w := io.Pipe()
	go func() {
		io.WriteString(w, `{"log":{"creator":{"name":"socktrace"},"entries":[`)
		for i := range n {
			if i > 0 {
				io.WriteString(w, ",")
			}
			fmt.Fprintf(w, `{"startedDateTime":"2026-01-02T03:04:05Z","connection":"%d","request":{"method":"GET","url":"http://x/"},"response":{"status":200,"content":{"size":%d,"text":"%s"}},`+
				`"_socktrace":{"exchange":%d,"state":"open","part":1,"request":{},"response":{"body":{"content":"text"}}}}`, 1+i%3, size, big, i+1)
		}
		io.WriteString(w, `]}}`)
		w.Close()
	}()
	open, most := make(map[int]bool), 0
	repairs, err := har.Read(r, func(ev wire.Event) {
		switch ev := ev.(type) {
		case *wire.Request:
			if open[ev.Exchange] {
				t.Errorf("exchange %d begins twice", ev.Exchange)
			}
			open[ev.Exchange] = true
		case *wire.End:
			if !open[ev.Exchange] || ev.State != wire.StateOpen {
				t.Errorf("exchange %d ends, %v", ev.Exchange, ev.State)
			}
			delete(open, ev.Exchange)
		}
		most = max(most, len(open))
	})
	if err != nil || len(open) > 0 || most < 1000 || most > 64<<20/size {
		t.Errorf("%v: %d are open at the end, %d at once", err, len(open), most)
	}
	if said := kindsOf(repairs); said != fmt.Sprint("connections ", most) {
		t.Errorf("said %q, %d at once", said, most)
	}
}

// TestTimesOfMessages reads seconds, and what is less than one.
func TestTimesOfMessages(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	for _, text := range []string{"1767323045.678", "1767323045678", "1767323045678000", "1767323045678000000", "1.767323045678e9", `"2026-01-02T03:04:05.678"`} {
		doc := inLog(strings.Replace(plainEntry, `"timings"`, `"_webSocketMessages":[{"type":"send","opcode":1,"data":"x","time":`+text+`}],"timings"`, 1))
		evs, _, err := readAll([]byte(doc))
		found := false
		for _, ev := range evs {
			if m, ok := ev.(*wire.Message); ok && m.Kind == wire.KindWebSocket {
				found = m.End.Equal(at)
			}
		}
		if err != nil || !found {
			t.Errorf("%s: %v, not that time", text, err)
		}
	}
}
