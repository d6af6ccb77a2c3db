package render

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/stats"
	"github.com/socktrace/socktrace/wire"
)

// totals are figures of so many calls.
func totals(count, errors, open int64, total time.Duration, up, down int64) stats.Totals {
	return stats.Totals{Count: count, Errors: errors, Open: open, Total: total, Bytes: [2]int64{up, down}}
}

// argument returns one of an operation by its name.
func argument(operation, name string) *dockerapi.Argument {
	for _, a := range dockerapi.Named(operation).Arguments() {
		if a.Name == name {
			return a
		}
	}
	panic(operation + " has no " + name)
}

// fullReport has everything that there may be in a report.
func fullReport() *stats.Report {
	timed := func(o stats.Operation, n int64, p50, p95, longest time.Duration) stats.Operation {
		o.Timed, o.P50, o.P95, o.Max = n, p50, p95, longest
		return o
	}
	const ms = time.Millisecond
	nc1 := wire.Subject{Type: "container", ID: id, Name: "nc1"}
	return &stats.Report{
		Start: at(0), End: at(83_000), Waited: 81 * time.Second,
		All: totals(2061, 14, 12, 4321*ms, 123_456, 9_876_543),
		Operations: []stats.Operation{
			timed(stats.Operation{Name: "ImageBuild", Totals: totals(1, 1, 0, 2*time.Second, 90_000, 12_345)}, 1, 2*time.Second, 2*time.Second, 2*time.Second),
			timed(stats.Operation{Name: "ContainerInspect", Estimated: true, Totals: totals(2000, 10, 0, 1500*ms, 20_000, 9_000_000)}, 2000, ms/3, 2*ms, 77*ms),
			timed(stats.Operation{Name: "GRPCMethod", Path: "/moby.buildkit.v1.Control/Solve", Totals: totals(2, 0, 0, 700*ms, 300, 200)}, 2, 300*ms, 400*ms, 400*ms),
			timed(stats.Operation{Method: "GET", Path: "/\x1b]0;x\a/{id}/\u202eslow", Totals: totals(3, 0, 0, 21*ms, 300, 200)}, 3, 7*ms, 8*ms, 8*ms),
			timed(stats.Operation{Other: true, Totals: totals(40, 2, 0, 20*ms, 4000, 3000)}, 40, ms/2, ms, ms),
			{Name: "SystemInfo", Totals: totals(1, 0, 1, 0, 100, 0)},
			{Totals: totals(1, 0, 0, 0, 0, 150)},
			timed(stats.Operation{Name: "ContainerWait", Waits: true, Totals: totals(1, 1, 0, 80*time.Second, 100, 150)}, 1, 80*time.Second, 80*time.Second, 80*time.Second),
			{Name: "SystemEvents", Waits: true, Totals: totals(12, 0, 11, 0, 1200, 5000)},
			{Other: true, Waits: true, Totals: totals(1, 0, 0, 0, 0, 0)},
		},
		Clients: []stats.Client{
			{Name: "docker", Agent: "Docker-Client/28.2.2 (linux)", Versions: []stats.Version{{Name: "1.41", Count: 2000, Offered: true}, {Count: 7}, {Name: "1.24", Count: 3, Refused: 2}},
				Daemons: []stats.Daemon{{Server: "Docker/20.10.24+dfsg1 (linux)", Newest: "1.41"}, {Newest: "\x1b[31m"}}, Totals: totals(2010, 12, 12, 4000*ms, 120_000, 9_876_000)},
			{Name: "curl", Subject: "CN=alice\x1b[31m", Totals: totals(9, 0, 0, 90*ms, 90, 900)},
			{Addr: "tcp://192.0.2.1", Agent: "py\x1b[31m\xff", Versions: []stats.Version{{Name: "1.41", Count: 5}}, Totals: totals(5, 2, 0, 300*ms, 2000, 500)},
			{Totals: totals(1, 0, 0, ms, 1, 1)},
			{Other: true, Totals: totals(45, 0, 0, 20*ms, 1455, 42)},
		},
		Slowest: []stats.Exchange{
			{Conn: 3, Number: 1, Operation: "ImageBuild", Method: "POST", Target: "/v1.41/build?t=x", Status: 200, Start: at(5), Duration: 2 * time.Second, Error: "The command '/bin/sh -c false'\nreturned a non-zero code: 1"},
			{Conn: 12, Number: 345, Operation: "ContainerInspect", Method: "GET", Target: "/v1.41/containers/" + id + "/json", Subject: wire.Subject{ID: id}, Status: 404, Start: at(6), Duration: 77 * ms, Error: "No such container: " + id},
			{Conn: 4, Number: 2, Operation: "GRPCMethod", Method: "POST", Target: "/moby.buildkit.v1.Control/Solve", Status: 200, Start: at(7), Duration: 400 * ms},
			{Conn: 5, Number: 1, Method: "GET", Target: "/\x1b]0;x\a/12?q=\u202e", Start: at(8), Duration: 8 * ms, Error: "no answer"},
			{Number: 1, Operation: "ContainerStart", Method: "POST", Target: "/x", Subject: nc1, Status: 204, Start: at(8), Duration: 7 * ms},
		},
		Open: []stats.Exchange{
			{Conn: 1, Number: 2, Operation: "SystemEvents", Method: "GET", Target: "/events", Status: 200, Start: at(100), Duration: 82900 * ms, Waits: true},
			{Conn: 2, Number: 1, Operation: "ExecStart", Method: "POST", Target: "/exec/x/start", Subject: wire.Subject{Type: "exec", ID: id, Name: "sh", Container: "web"}, Duration: 0},
		},
		Uses: []stats.Use{
			{Client: 0, Version: "1.41", Operation: "ContainerCreate", Count: 3},
			{Client: 0, Version: "1.41", Operation: "ContainerCreate", Argument: argument("ContainerCreate", "MacAddress"), Count: 2},
			{Client: 0, Version: "1.24", Operation: "ImageList", Argument: argument("ImageList", "filter"), Count: 1},
			{Client: 1, Operation: "Session", Count: 4},
			{Client: 2, Version: "1.41", Operation: "ContainerCreate", Argument: argument("ContainerCreate", "MacAddress"), Count: 5},
			{Client: 2, Version: "1.41", Operation: "\x1b[31mX", Count: 1},
		},
	}
}

// TestStatsGolden shows the report on terminals, and elsewhere.
func TestStatsGolden(t *testing.T) {
	for name, o := range map[string]Options{
		"stats":         {},
		"stats80":       {Width: func() int { return 80 }},
		"stats160":      {Width: func() int { return 160 }},
		"stats80-ascii": {Width: func() int { return 80 }, ASCII: true},
		"stats-color":   {Width: func() int { return 100 }, Color: true},
	} {
		t.Run(name, func(t *testing.T) { golden(t, "report."+name, Stats(fullReport(), o)) })
	}
	t.Run("json", func(t *testing.T) { golden(t, "report.stats-jsonl", StatsJSON(fullReport())) })
}

// golden compares with a golden file, or writes it anew.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test -update and look at the difference\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// TestStatsEmpty: nothing is said of nothing.
func TestStatsEmpty(t *testing.T) {
	if got := string(Stats(&stats.Report{}, Options{})); got != "0 exchanges\n" {
		t.Errorf("got %q", got)
	}
	open := &stats.Report{All: stats.Totals{Count: 2, Open: 2}, Open: []stats.Exchange{{Operation: "A"}}}
	if got := string(Stats(open, Options{})); !strings.HasPrefix(got, "2 exchanges, 2 still open, ") || !strings.Contains(got, "\nstill open: the oldest, and 1 more\n") {
		t.Errorf("got %q", got)
	}
	open.Open = append(open.Open, open.Open...)
	if got := string(Stats(open, Options{})); !strings.Contains(got, "\nstill open\nexchange") {
		t.Errorf("got %q", got)
	}
	one := &stats.Report{All: stats.Totals{Count: 1}, Operations: []stats.Operation{{Name: "A", Totals: stats.Totals{Count: 1}}}}
	if got := string(Stats(one, Options{})); !strings.HasPrefix(got, "1 exchange, 0 B sent, 0 B received\n") || strings.Contains(got, "slowest") || strings.Contains(got, "open") || strings.Contains(got, "~") {
		t.Errorf("got %q", got)
	}
}

// TestStatsWidth: whatever the width, no line is wider, and the figures are there.
func TestStatsWidth(t *testing.T) {
	for width := 40; width < 220; width++ {
		out := Stats(fullReport(), Options{Width: func() int { return width }})
		for line := range bytes.Lines(out) {
			line = bytes.TrimSuffix(line, []byte("\n"))
			if columns(line) > width {
				t.Errorf("%d: %d columns in %q", width, columns(line), line)
			}
			if bytes.HasSuffix(line, []byte(" ")) {
				t.Errorf("%d: spaces at the end of %q", width, line)
			}
		}
		figures := "2000      10   1.500 s  ~"
		if width < 64 {
			figures = "2000( +10)? +1.500 s"
		}
		if !regexp.MustCompile("ContainerInspect +" + figures).Match(out) {
			t.Errorf("%d: the figures are not there:\n%s", width, out)
		}
	}
}

// TestStatsSafe: no byte of the traffic does anything on a terminal.
func TestStatsSafe(t *testing.T) {
	for _, o := range []Options{{}, {Width: func() int { return 90 }}, {ASCII: true, Width: func() int { return 300 }}} {
		out := Stats(fullReport(), o)
		if i := bytes.IndexFunc(out, func(r rune) bool { return r != '\n' && !safe(r) }); i >= 0 || !utf8.Valid(out) {
			t.Errorf("unsafe at %d of %q", i, out)
		}
		if o.Width == nil || o.ASCII {
			if i := bytes.IndexFunc(out, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
				t.Errorf("not ASCII at %d of %q", i, out)
			}
		}
	}
}

// TestStatsSchema checks the JSON with its schema, which has all that is written and
// nothing else, and so has docs/statistics.md.
func TestStatsSchema(t *testing.T) {
	schema := compileSchema(t)
	emitted := map[string]bool{}
	for name, r := range map[string]*stats.Report{"full": fullReport(), "empty": {}} {
		line := StatsJSON(r)
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil || bytes.Count(line, []byte("\n")) != 1 || !bytes.HasPrefix(line, []byte(`{"event":"stats","time":"`)) {
			t.Fatalf("%s: %v in %s", name, err, line)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v\nin %s", name, err, line)
		}
		if i := bytes.IndexFunc(line[:len(line)-1], func(r rune) bool { return !safe(r) }); i >= 0 {
			t.Errorf("%s: unsafe at %d of %q", name, i, line)
		}
		paths(emitted, "stats", v)
	}
	docs, err := os.ReadFile("../docs/statistics.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Defs map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{}
	properties(allowed, all.Defs, "stats", all.Defs["stats"])
	if len(allowed) < 50 {
		t.Errorf("only %d properties found in the schema", len(allowed))
	}
	either := func(path string) bool { // both lists have exchanges
		_, name, _ := strings.Cut(strings.TrimPrefix(path, "stats."), ".")
		return emitted["stats.slowest."+name] || emitted["stats.still_open."+name]
	}
	for path := range allowed {
		if !emitted[path] && !either(path) {
			t.Errorf("%s is in the schema, but no report has it", path)
		}
		if name := path[strings.LastIndexByte(path, '.')+1:]; !bytes.Contains(docs, []byte("`"+name+"`")) {
			t.Errorf("%s is not in docs/statistics.md", name)
		}
	}
}

// FuzzStats puts text of the traffic wherever it may come.
func FuzzStats(f *testing.F) {
	f.Add("a\x1b[31m", "\u202e\xff", uint8(80))
	f.Add(strings.Repeat("W", 300), "{}", uint8(0))
	f.Fuzz(func(t *testing.T, a, b string, width uint8) {
		a, b = a[:min(len(a), maxFuzz)], b[:min(len(b), maxFuzz)]
		r := &stats.Report{
			All:        stats.Totals{Count: 1, Open: 1},
			Operations: []stats.Operation{{Name: a, Totals: stats.Totals{Count: 1}}, {Method: a, Path: b}, {Name: b, Waits: true, Timed: 1}},
			Clients:    []stats.Client{{Name: a, Agent: b, Versions: []stats.Version{{Name: a, Count: 1}}}, {Addr: b}, {Subject: b}},
			Slowest:    []stats.Exchange{{Operation: a, Error: b, Subject: wire.Subject{Name: b}}, {Method: a, Target: b, Subject: wire.Subject{ID: a}}},
		}
		out := Stats(r, Options{Width: func() int { return int(width) }})
		if i := bytes.IndexFunc(out, func(r rune) bool { return r != '\n' && !safe(r) }); i >= 0 || !utf8.Valid(out) {
			t.Errorf("unsafe at %d of %q", i, out)
		}
		var v any
		if line := StatsJSON(r); json.Unmarshal(line, &v) != nil || bytes.IndexFunc(line[:len(line)-1], func(r rune) bool { return !safe(r) }) >= 0 {
			t.Errorf("no safe JSON: %q", line)
		}
	})
}

func TestVersions(t *testing.T) {
	for want, list := range map[string][]stats.Version{
		"": nil, "1.41": {{Name: "1.41", Count: 3}}, "1.41 (3), others (2)": {{Name: "1.41", Count: 3}, {Count: 2}},
	} {
		if got := versionList(list); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSubjectNames(t *testing.T) {
	for _, tt := range []struct {
		s    wire.Subject
		want string
	}{
		{wire.Subject{}, ""},
		{wire.Subject{ID: id}, id[:12]},
		{wire.Subject{ID: id, Name: "web"}, "web"},
		{wire.Subject{ID: id[:12]}, id[:12]},
		{wire.Subject{ID: "busybox:latest-and-more"}, "busybox:latest-and-more"},
		{wire.Subject{ID: "g" + id}, "g" + id},
		{wire.Subject{ID: "\x1b"}, `\e`},
		{wire.Subject{Type: "exec", ID: id, Container: "web\n"}, `exec in web\n`},
		{wire.Subject{Type: "exec", ID: id}, "exec " + id[:12]},
		{wire.Subject{Type: "exec"}, ""},
	} {
		if got := string(subjectName(&tt.s)); got != tt.want {
			t.Errorf("%+v: got %s", tt.s, got)
		}
	}
}

// TestBars are as long as they should be, to an eighth of a column.
func TestBars(t *testing.T) {
	for _, tt := range []struct {
		share   float64
		columns int
		ascii   bool
		want    string
	}{
		{1, 3, false, "███"}, {1, 3, true, "###"}, {0, 3, false, ""}, {0.5, 3, false, "█▌"}, {0.5, 3, true, "##"}, {0.45, 3, true, "#"},
		{1.0 / 24, 3, false, "▏"}, {7.0 / 24, 3, false, "▉"}, {1.0 / 24, 3, true, ""}, {1, 0, false, ""}, {0.001, 3, false, ""},
	} {
		tb := table{ascii: tt.ascii}
		if got := tb.bar(tt.share, tt.columns); got != tt.want {
			t.Errorf("%v of %d: got %q, want %q", tt.share, tt.columns, got, tt.want)
		}
	}
}

// TestTable leaves out columns, the one that can best be spared first, and cuts
// others.
func TestTable(t *testing.T) {
	show := func(width int) string {
		row := func(texts ...string) (r tableRow) {
			for _, s := range texts {
				r.cells = append(r.cells, cell{[]byte(s), plain})
			}
			return r
		}
		tb := table{colors: newPalette(false), width: width, heads: []heading{
			{title: "name", left: true, least: 4}, {title: "n"}, {title: "empty"}, {title: "up", spare: 2}, {title: "down", spare: 1}, {title: "more", left: true, least: 5},
		}}
		tb.rows = []tableRow{row("a long name", "1", "", "22", "333", "and more"), {across: "between the two of them"}, row("b", "44444", "", "", "5", "")}
		return string(tb.append(nil))
	}
	for _, tt := range []struct {
		width int
		want  []string
	}{
		{0, []string{
			"name             n  up  down  more", "a long name      1  22   333  and more", "", "between the two of them", "b            44444         5",
		}},
		{38, []string{
			"name             n  up  down  more", "a long name      1  22   333  and more", "", "between the two of them", "b            44444         5",
		}},
		{34, []string{
			"name         n  up  down  more", "a long…      1  22   333  and more", "", "between the two of them", "b        44444         5",
		}},
		{28, []string{
			"name      n  up  down  more", "a l…      1  22   333  and …", "", "between the two of them", "b     44444         5",
		}},
		{27, []string{
			"name       n  down  more", "a lo…      1   333  and mo…", "", "between the two of them", "b      44444     5",
		}},
		{22, []string{
			"name        n  more", "a lon…      1  and mo…", "", "between the two of th…", "b       44444",
		}},
		{9, []string{
			"name      n  more", "a l…      1  and …", "", "between …", "b     44444",
		}},
	} {
		if got, want := show(tt.width), strings.Join(tt.want, "\n")+"\n"; got != want {
			t.Errorf("%d: got\n%swant\n%s", tt.width, got, want)
		}
	}
}
