//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// recordings are the files that one trace was written to.
type recordings struct{ live, har, pcapng string }

// recordingsIn names the files of a trace in a folder.
func recordingsIn(dir string) recordings {
	return recordings{filepath.Join(dir, "trace.jsonl"), filepath.Join(dir, "trace.har"), filepath.Join(dir, "trace.pcapng")}
}

// keepVar names a folder that HAR recordings of the tests are copied to, so that
// other programs can be tried on them.
const keepVar = "SOCKTRACE_RECORDINGS"

// keep copies the HAR recording of a test to the folder that keepVar names.
func (r recordings) keep(t *testing.T) {
	t.Helper()
	dir := os.Getenv(keepVar)
	if dir == "" {
		return
	}
	name := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name()) + ".har"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(readFile(t, r.har)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// flags are those that make the files.
func (r recordings) flags() []string {
	return []string{"-f", "jsonl", "-o", r.live, "--har", r.har, "--pcapng", r.pcapng}
}

// checkAgree fails the test if the recordings, when they are read back, do not
// say what the live output said.
func checkAgree(t *testing.T, r recordings, flags ...string) {
	t.Helper()
	r.keep(t)
	lines := readFile(t, r.live)
	live := parseExchanges(t, byOpening(t, lines))
	for _, file := range []string{r.har, r.pcapng, r.live} {
		got := socktrace(t, nil, append([]string{"read", "-f", "jsonl", file}, flags...)...).end()
		check(t, "status of read "+filepath.Ext(file), got.status, "exit status 0")
		back := parseExchanges(t, byOpening(t, got.out))
		for _, key := range slices.Sorted(maps.Keys(live)) {
			if other := back[key]; other == nil {
				t.Errorf("%s has no %s: %v", filepath.Ext(file), key, live[key].event)
			} else {
				live[key].compare(t, filepath.Ext(file)+" "+key, other)
			}
		}
		check(t, "exchanges in "+filepath.Ext(file), len(back), len(live))
		if file == r.live {
			checkLines(t, "JSON lines read back", durations.ReplaceAllString(got.out, ""), durations.ReplaceAllString(lines, ""))
		}
	}
}

// durations are those that the live view measures with the monotonic clock: all
// else in JSON lines is the same to the byte when they are read back.
var durations = regexp.MustCompile(`,"(ttfb|duration)_ms":[0-9.]+`)

// exchange is what JSON lines say of an exchange.
type exchange struct {
	event    map[string]any      // the exchange event, without times
	times    map[string]float64  // milliseconds
	start    time.Time           //
	messages map[string][]string // by direction and kind
	subject  map[string]any
}

// byOpening returns JSON lines in which connections are called by when they were opened,
// or by what carries them, and not by numbers: which of two gets the next one, where one
// is found inside of another while a third is opened, is up to chance.
func byOpening(t *testing.T, text string) string {
	t.Helper()
	called := map[int]string{}
	return connNumber.ReplaceAllStringFunc(text, func(line string) string {
		var ev struct {
			Event, Time, Via string
			Conn             int
			Parent           struct{ Conn, Exchange int }
		}
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		switch {
		case ev.Event == "open" && ev.Parent.Conn > 0:
			called[ev.Conn] = fmt.Sprintf("%s, %s in exchange %d", called[ev.Parent.Conn], ev.Via, ev.Parent.Exchange)
		case ev.Event == "open":
			called[ev.Conn] = ev.Time
		}
		name := called[ev.Conn]
		if name == "" {
			name = strconv.Itoa(ev.Conn)
		}
		return strings.Replace(line, fmt.Sprintf(`,"conn":%d`, ev.Conn), `,"conn":`+strconv.Quote(name), 1)
	})
}

// connNumber finds the lines with connections.
var connNumber = regexp.MustCompile(`(?m)^\{"event":.*"conn":\d+.*$`)

// parseExchanges reads JSON lines: the exchanges by connection and number.
func parseExchanges(t *testing.T, text string) map[string]*exchange {
	t.Helper()
	all := map[string]*exchange{}
	for line := range strings.Lines(text) {
		var ev map[string]any
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if ev["exchange"] == nil {
			continue
		}
		key := fmt.Sprintf("%03v/%03v", ev["conn"], ev["exchange"])
		x := all[key]
		if x == nil {
			x = &exchange{times: map[string]float64{}, messages: map[string][]string{}}
			all[key] = x
		}
		switch ev["event"] {
		case "exchange":
			x.take(t, ev)
		case "message":
			x.message(ev)
		}
	}
	maps.DeleteFunc(all, func(_ string, x *exchange) bool { return x.event == nil })
	return all
}

// take keeps an exchange event and its times apart.
func (x *exchange) take(t *testing.T, ev map[string]any) {
	t.Helper()
	var err error
	if x.start, err = time.Parse(time.RFC3339Nano, ev["start"].(string)); err != nil {
		t.Error(err)
	}
	for _, key := range []string{"ttfb_ms", "duration_ms"} {
		if ms, ok := ev[key].(float64); ok {
			x.times[key] = ms
		}
		delete(ev, key)
	}
	delete(ev, "time")
	delete(ev, "start")
	// How a stream was understood depends on what the decoders of other
	// connections have learned by then, at the same time. What it was does not.
	delete(ev, "upgrade_reason")
	// So it is with the names and ids that other exchanges have told by then.
	x.subject, _ = ev["subject"].(map[string]any)
	delete(ev, "subject")
	x.event = ev
}

// message appends a message: JSON values one by one, everything else joined,
// since it has no borders of its own or cannot be told from what has.
func (x *exchange) message(ev map[string]any) {
	key := fmt.Sprint(ev["dir"], " ", ev["kind"], " ", ev["opcode"])
	switch {
	case ev["json"] != nil:
		x.messages[key] = append(x.messages[key], fmt.Sprint(ev["json"]))
		return
	case len(x.messages[key]) == 0:
		x.messages[key] = []string{""}
	}
	for _, k := range []string{"text", "base64"} {
		if s, ok := ev[k].(string); ok {
			x.messages[key][0] += s
		}
	}
}

// clockError is what durations may differ by, in milliseconds: the live view
// measures them with the monotonic clock, and recordings have times of day,
// which are adjusted now and then.
const clockError = 0.5

// compare fails the test if back is not x. Times in a HAR file are
// microseconds.
func (x *exchange) compare(t *testing.T, what string, back *exchange) {
	t.Helper()
	x.compareEvent(t, what, back)
	x.compareMessages(t, what, back)
	if d := back.start.Sub(x.start).Abs(); d > 2*time.Microsecond {
		t.Errorf("%s: start is off by %v", what, d)
	}
	for key, want := range x.times {
		if math.Abs(back.times[key]-want) > clockError {
			t.Errorf("%s: %s: got %v, want %v", what, key, back.times[key], want)
		}
	}
}

// compareEvent fails the test if the exchange event of back is another.
func (x *exchange) compareEvent(t *testing.T, what string, back *exchange) {
	t.Helper()
	for key, want := range x.event {
		if got := back.event[key]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s:\ngot  %.1500v\nwant %.1500v", what, key, got, want)
		}
	}
	for key, want := range x.subject {
		if got := back.subject[key]; got != want && (got != nil || key == "type") {
			t.Errorf("%s: subject: got %v, want %v", what, back.subject, x.subject)
		}
	}
	for key, got := range back.event {
		if x.event[key] == nil {
			t.Errorf("%s: %s: %v, which is new", what, key, got)
		}
	}
}

// compareMessages fails the test if back has other messages.
func (x *exchange) compareMessages(t *testing.T, what string, back *exchange) {
	t.Helper()
	if !reflect.DeepEqual(back.messages, x.messages) {
		t.Errorf("%s: messages:\ngot  %.1500q\nwant %.1500q", what, fmt.Sprint(back.messages), fmt.Sprint(x.messages))
	}
}

// TestRecordingsAgree records the demo in three ways.
func TestRecordingsAgree(t *testing.T) {
	for _, secrets := range []string{"--show-secrets=false", "--show-secrets"} {
		t.Run(secrets, func(t *testing.T) {
			t.Parallel()
			r := recordingsIn(t.TempDir())
			got := socktrace(t, nil, append([]string{"demo", secrets}, r.flags()...)...).end()
			check(t, "status", got.status, "exit status 0")
			checkAgree(t, r, secrets)
		})
	}
}

// TestConvert turns a pcapng recording into a HAR file that says the same as
// the one that was written at once.
func TestConvert(t *testing.T) {
	t.Parallel()
	r := recordingsIn(t.TempDir())
	check(t, "status", socktrace(t, nil, append([]string{"demo"}, r.flags()...)...).end().status, "exit status 0")
	converted := filepath.Join(t.TempDir(), "converted.har.gz")
	got := socktrace(t, nil, "read", "-q", r.pcapng, "--har", converted).end()
	check(t, "status", got.status, "exit status 0")
	r.har = converted
	checkAgree(t, r)
}
