package render

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/compare"
	"github.com/socktrace/socktrace/diff"
	"github.com/socktrace/socktrace/internal/markup/markuptest"
	"github.com/socktrace/socktrace/wire"
)

// different returns a result that has everything in it. hostile is put wherever recordings
// choose the text.
func different(hostile string) *diff.Result {
	at := time.Unix(1700000000, 0)
	exchange := func(n int, operation, method, target string) *diff.Exchange {
		return &diff.Exchange{Number: n, Exchange: &wire.Exchange{
			Meta:    wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: n, Start: at, End: at},
			Request: &wire.Request{Method: method, Target: target + hostile, Call: wire.Call{Operation: operation}},
		}}
	}
	value := func(place, a, b string) diff.Change {
		return diff.Change{Difference: compare.Difference{Place: place + hostile, A: a + hostile, B: b + hostile, HasA: a != "", HasB: b != ""}}
	}
	lines := func(place string, all ...string) diff.Change {
		c := diff.Change{Difference: compare.Difference{Place: place, HasA: true, HasB: true}}
		for _, l := range all {
			r := []rune(l)
			c.Lines = append(c.Lines, diff.Line{Sign: r[0], Text: string(r[1:]) + hostile})
		}
		return c
	}
	const id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	slow := value("time to answer", "20ms", "3.1s")
	slow.Note = true
	long := strings.Repeat("a very long value that goes on ", 6)
	create, start := exchange(2, "ContainerCreate", "POST", "/v1.41/containers/create?name=web"), exchange(3, "ContainerStart", "POST", "/v1.41/containers/"+id+"/start")
	return &diff.Result{
		A: &diff.Session{Name: "before.har" + hostile, Exchanges: []*diff.Exchange{create, start}},
		B: &diff.Session{Name: "after.har" + hostile, Exchanges: []*diff.Exchange{create, start}},
		Common: []diff.Common{
			{Change: value("request header User-Agent", "Docker-Client/20.10.24+dfsg1 (linux)", "Docker-Client/28.2.2 (linux)"), Exchanges: 9},
			{Change: value("API version", "1.41", "1.50"), Exchanges: 9},
		},
		Items: []diff.Item{
			{Kind: diff.Changed, A: create, B: create, Changes: []diff.Change{
				value("body HostConfig.Memory", "0", "536870912"), value("body Labels.tier", "", `"front"`), value("body Cmd[2]", `"`+long+`a"`, `"`+long+`b"`), slow,
				lines("answer stdout", "…", " one", "-two", "+zwei", "+"+long, " three"),
			}, More: 3},
			{Kind: diff.Moved, A: start, B: start},
			{Kind: diff.Missing, A: exchange(5, "SystemPing", "GET", "/_ping"), Also: []diff.Twin{{A: start}, {A: create}}},
			{Kind: diff.Extra, B: exchange(6, "", "GET", "/v1.41/unknown/"+strings.Repeat("path/", 20)+"?all=1")},
		},
		Pairs: 9, Same: 6,
	}
}

// TestDiff compares what is shown at some widths with golden files.
func TestDiff(t *testing.T) {
	for _, width := range []int{0, 80, 160} {
		golden(t, fmt.Sprintf("diff.%d.txt", width), Diff(different(""), Options{Width: func() int { return width }}))
	}
	golden(t, "diff.color.txt", Diff(different(""), Options{Color: true, Width: func() int { return 80 }}))
	same := &diff.Result{A: &diff.Session{Name: "a"}, B: &diff.Session{Name: "b"}}
	if got, want := string(Diff(same, Options{})), "- a\n+ b\n\nno difference: neither has any exchange\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestDiffHostile checks that no text is more than text, however narrow the terminal, and that no
// line is wider than that.
func TestDiffHostile(t *testing.T) {
	for _, hostile := range []string{markuptest.Bad, strings.Repeat("漢", 300), strings.Repeat("\x1b]0;x\a\r\n", 50), "\xff\xfe"} {
		for _, width := range []int{0, 1, 2, 7, 20, 30, 40, 80, 160} {
			got := string(Diff(different(hostile), Options{Width: func() int { return width }}))
			markuptest.Shown(t, got)
			lines := strings.SplitAfter(strings.TrimSuffix(got, "\n"), "\n")
			for _, line := range lines[:len(lines)-1] { // the sum is told in full
				if n := columns([]byte(strings.TrimSuffix(line, "\n"))); width > 0 && n > max(width, 2) {
					t.Errorf("width %d: %d columns: %q", width, n, line)
				}
			}
		}
	}
}
