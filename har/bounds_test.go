package har_test

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// repeated is a text that is made while it is read: begin, so many bytes of
// middle, and end.
func repeated(begin, middle string, size int, end string) io.Reader {
	piece := strings.Repeat(middle, max(1, 1<<16/len(middle)))
	all := []io.Reader{strings.NewReader(begin)}
	for n := 0; n < size; n += len(piece) {
		all = append(all, strings.NewReader(piece))
	}
	return io.MultiReader(append(all, strings.NewReader(end))...)
}

// peak is a reader that notes how large the heap is while it is read.
type peak struct {
	io.Reader
	read int
	heap uint64
}

func (p *peak) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if p.read += n; p.read >= 1<<20 {
		p.read = 0
		p.look()
	}
	return n, err
}

func (p *peak) look() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	p.heap = max(p.heap, m.HeapAlloc)
}

// maxHeap is what reading may take, whatever the file: docs/har.md says so.
const maxHeap = 256 << 20

// TestBounds reads files that are long in one place or another. What is behind
// that is read too.
func TestBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("much to read")
	}
	const size = 64 << 20
	const text = `{\"a\":1}`
	cut := func(mark string) (before, behind string) {
		before, behind, ok := strings.Cut(inLog(plainEntry, plainEntry), mark)
		if !ok {
			t.Fatalf("no %s", mark)
		}
		return before, behind
	}
	for name, c := range map[string]struct{ at, begin, middle, end, want string }{
		"blanks":             {`"version"`, "", " \n\t", `"version"`, ""},
		"blanks in an entry": {`,"time"`, "", "  ", `,"time"`, ""},
		"comment":            {`"version"`, "/*", "* / ", `*/"version"`, "comments"},
		"member of a log":    {`"version"`, `"x":"`, "x", `","version"`, ""},
		"member of an entry": {`"time"`, `"_x":[`, `{"a":["]\"",1]},`, `0],"time"`, ""},
		"name":               {`"time"`, `"`, "x", `":1,"time"`, ""},
		"brackets":           {`"version"`, `"x":`, "[", `,"version"`, "cut short"},
		"body":               {text, "", "a", "", "texts cut"},
		"body of escapes":    {text, "", `\n`, "", "texts cut"},
		"documents":          {text, "", "1 ", "", "texts cut"},
		"base64":             {text + `"`, "", "AAAA", `","encoding":"base64"`, "texts cut"},
		"JSON as a body":     {`"` + text + `"`, "[", `{"a":[1,2]},`, "0]", "values left out"},
		"URL":                {`http://d/x`, "http://d/", "x", "", "texts cut"},
		"headers":            {`{"name":"Host","value":"d"}`, "", `{"name":"a","value":"b"},`, `{"name":"Host","value":"d"}`, "values left out"},
		"header map":         {`[{"name":"Host","value":"d"}]`, "{", `"a":["b","c"],`, `"Host":"d"}`, "values left out"},
		"header lines":       {`[{"name":"Host","value":"d"}]`, `"`, `a:b\n`, `"`, "texts cut"},
		"parameters":         {`"text":"abc"`, `"params":[`, `{"name":"a","value":"b"},`, `{}]`, "values left out"},
		"messages":           {`"timings"`, `"_webSocketMessages":[`, `{"type":"send","time":1767323045.5,"opcode":1,"data":"x"},`, `{}],"timings"`, "values left out"},
		"notes":              {`"timings"`, `"_socktrace":{"x":[`, `[],`, `0]},"timings"`, "values left out"},
		"members twice":      {`"status":200`, "", `"status":404,`, `"status":200`, "values left out"},
		"numbers":            {`"status":200`, `"status":`, "1", "", "numbers that are none"},
		"no entries":         {`"entries":[`, `"entries":[`, "null,", "", "entries that are no object"},
		"garbage":            {`"entries":[`, `"entries":[{"a" `, `{"request" `, "", "broken"},
	} {
		t.Run(name, func(t *testing.T) {
			before, behind := cut(c.at)
			debug.FreeOSMemory()
			p := &peak{Reader: repeated(before+c.begin, c.middle, size, c.end+behind)}
			got := 0
			repairs, err := har.Read(p, func(ev wire.Event) {
				if q, ok := ev.(*wire.Request); ok && q.Method == "POST" {
					got++
				}
				if _, ok := ev.(*wire.Body); ok {
					p.look()
				}
			})
			if said := fmt.Sprint(repairs, err); !strings.Contains(said, c.want) || c.want == "" && said != "[] <nil>" {
				t.Errorf("said %s", said)
			}
			if want := 2; got != want && name != "notes" && name != "brackets" && name != "garbage" {
				t.Errorf("%d entries", got)
			}
			if p.heap > maxHeap {
				t.Errorf("%d MiB of memory", p.heap>>20)
			}
			t.Logf("%d MiB", p.heap>>20)
		})
	}
}

// TestRoomForAll leaves room for what makes an answer, however much there is of
// something else.
func TestRoomForAll(t *testing.T) {
	for _, c := range []struct{ at, begin, middle, end string }{
		{`{"name":"Host","value":"d"}`, "", `{"name":"a","value":"b"},`, `{"name":"Host","value":"d"}`},
		{`"text":"abc"`, `"text":"`, `x`, `","encoding":"BASE64"`},
		{`"text":"abc"`, `"text":[`, `{"a":[1,2]},`, `0]`},
		{`"request"`, `"_webSocketMessages":[`, `{"type":"send","time":1767323045.5,"opcode":1,"data":"x"},`, `{}],"request"`},
	} {
		before, behind, _ := strings.Cut(inLog(plainEntry), c.at)
		answers := 0
		_, err := har.Read(repeated(before+c.begin, c.middle, 40<<20, c.end+behind), func(ev wire.Event) {
			switch ev := ev.(type) {
			case *wire.Response:
				if ev.Status == 200 && len(ev.Fields) == 1 {
					answers++
				}
			case *wire.Body:
				if ev.Dir == wire.ToClient && string(ev.Data) == `{"a":1}` {
					answers++
				}
				if ev.Dir == wire.ToServer && ev.Truncated != (len(ev.Data) > 3) {
					t.Errorf("%s: cut: %v", c.at, ev.Truncated)
				}
				if n := len(ev.Data); ev.Dir == wire.ToServer && n > 3 && n < 4<<20 {
					t.Errorf("%s: %d bytes of a body", c.at, n)
				}
			}
		})
		if err != nil || answers != 2 {
			t.Errorf("%s: %v, the answer is not whole", c.at, err)
		}
	}
}
