package dockerapi

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestEngines: the table is in order, and nothing in it is less than what was before it,
// but for the minimum, which was lowered once.
func TestEngines(t *testing.T) {
	var lowered []string
	for i, e := range Engines() {
		if e.Min.Compare(e.Max) > 0 {
			t.Errorf("%s takes nothing: %s to %s", e.Series, e.Min, e.Max)
		}
		if i == 0 {
			continue
		}
		before := engines[i-1]
		a, okA := ParseVersion(before.Series)
		b, okB := ParseVersion(e.Series)
		if !okA || !okB || a.Compare(b) >= 0 || before.Max.Compare(e.Max) > 0 {
			t.Errorf("%+v is behind %+v", e, before)
		}
		if before.Min.Compare(e.Min) > 0 {
			lowered = append(lowered, e.Series)
		}
	}
	if got := strings.Join(lowered, " "); got != "29.3" {
		t.Errorf("the minimum was lowered by %q", got)
	}
}

// TestEnginesKnown: what is known of engines from their own answers and sources.
func TestEnginesKnown(t *testing.T) {
	for _, want := range []string{
		"20.10 1.12 1.41", "23.0 1.12 1.42", "24.0 1.12 1.43", "25.0 1.24 1.44", "26.1 1.24 1.45", "27.1 1.24 1.46", "27.5 1.24 1.47",
		"28.2 1.24 1.50", "28.5 1.24 1.51", "29.0 1.44 1.52", "29.1 1.44 1.52", "29.2 1.44 1.53", "29.3 1.40 1.54", "29.7 1.40 1.55",
	} {
		series, _, _ := strings.Cut(want, " ")
		e, ok := EngineOf(series)
		if got := e.Series + " " + e.Min.String() + " " + e.Max.String(); got != want || !ok {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestEngineOf: releases belong to their series, and nothing else is one.
func TestEngineOf(t *testing.T) {
	for release, want := range map[string]string{
		"29.1": "29.1", "29.1.3": "29.1", "v28.2.2": "28.2", "20.10.24+dfsg1": "20.10", "28.0.0-rc.1": "28.0", "29": "29.0", "23": "23.0", " 25.0.5 ": "25.0", "19.03.15~ce": "19.03",
		"": "", "30.0": "", "29.99": "", "29.": "", "29.1.x": "", "2": "", "29.1.3.4": "", "29.01": "", "latest": "", "29.1 x": "", "-29": "", "v": "", ".": "", "19.3": "",
	} {
		e, ok := EngineOf(release)
		if e.Series != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", release, e.Series, ok, want)
		}
	}
}

// TestParseVersion: versions of the API, and what is none.
func TestParseVersion(t *testing.T) {
	for s, want := range map[string]string{
		"1.41": "1.41", "1.0": "1.0", "2.13": "2.13", "1.100": "1.100",
		"": "", "1": "", "1.": "", ".41": "", "1.41.0": "", "4.0.0": "", "v1.41": "", "1.4x": "", "1.-4": "", "1.+4": "", "1.99999999999999999999": "", "1 .41": "",
	} {
		v, ok := ParseVersion(s)
		var read Version
		if err := read.UnmarshalText([]byte(s)); (err == nil) != ok || read != v {
			t.Errorf("%q: read as %s, %v", s, read, err)
		}
		if text, err := v.MarshalText(); err != nil || ok && string(text) != s {
			t.Errorf("%q: written as %s, %v", s, text, err)
		}
		if ok != (want != "") || ok && v.String() != want || !ok && v != (Version{}) {
			t.Errorf("%q: got %s, %v", s, v, ok)
		}
	}
	for i, s := range []string{"1.9", "1.10", "1.41", "1.100", "2.0"} {
		v, _ := ParseVersion(s)
		for j, s := range []string{"1.9", "1.10", "1.41", "1.100", "2.0"} {
			o, _ := ParseVersion(s)
			if got := v.Compare(o); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%s and %s: %d", v, o, got)
			}
		}
	}
}

// TestSpans: for every version and every engine, what the spans say is what the engine's
// bounds say; they are all engines, in order, and no two beside each other are one.
func TestSpans(t *testing.T) {
	for minor := range 70 {
		v := Version{1, minor}
		rest := engines
		spans := Spans(v)
		for i, s := range spans {
			for first := true; ; first = false {
				if len(rest) == 0 {
					t.Fatalf("%s: %s to %s is beyond all engines", v, s.From.Series, s.To.Series)
				}
				e := rest[0]
				if first && e != s.From {
					t.Fatalf("%s: %s begins with %s", v, e.Series, s.From.Series)
				}
				want := Accepted
				if v.Minor < e.Min.Minor {
					want = TooOld
				}
				if v.Minor > e.Max.Minor {
					want = TooNew
				}
				if s.Refusal != want || e.Refuses(v) != want || (e.Says(v) == "") != (want == Accepted) {
					t.Errorf("%s: engine %s: got %d, %q, want %d", v, e.Series, s.Refusal, e.Says(v), want)
				}
				if s.Refusal == TooOld && s.From.Min != e.Min {
					t.Errorf("%s: %s has another minimum than %s", v, e.Series, s.From.Series)
				}
				if rest = rest[1:]; e == s.To {
					break
				}
			}
			if s.Newest != (i == len(spans)-1) {
				t.Errorf("%s: %+v", v, s)
			}
			if i > 0 && spans[i-1].Refusal == s.Refusal && (s.Refusal != TooOld || spans[i-1].To.Min == s.From.Min) {
				t.Errorf("%s: %+v could be one with what is before it", v, s)
			}
		}
		if len(rest) > 0 {
			t.Errorf("%s: nothing is said of %s", v, rest[0].Series)
		}
	}
}

// TestSays has the words of daemons.
func TestSays(t *testing.T) {
	old, _ := EngineOf("20.10")
	new, _ := EngineOf("29.1")
	for _, c := range []struct {
		e    Engine
		v    int
		want string
	}{
		{old, 99, "client version 1.99 is too new. Maximum supported API version is 1.41"},
		{old, 11, "client version 1.11 is too old. Minimum supported API version is 1.12, please upgrade your client to a newer version"},
		{new, 41, "client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version"},
		{new, 44, ""},
		{new, 52, ""},
	} {
		if got := c.e.Says(Version{1, c.v}); got != c.want {
			t.Errorf("%s, 1.%s: got %q", c.e.Series, strconv.Itoa(c.v), got)
		}
	}
}

// TestEnginesPage: the page about versions has the series from which on something is new.
func TestEnginesPage(t *testing.T) {
	text, err := os.ReadFile("../docs/versions.md")
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(line, "|\n"), "|")
		if len(cells) != 3 || !strings.ContainsAny(cells[0], "0123456789") {
			continue
		}
		newest := strings.Split(cells[2], ",")
		for i, series := range strings.Split(cells[0], ",") {
			got = append(got, strings.TrimSpace(series)+" "+strings.TrimSpace(cells[1])+" "+strings.TrimSpace(newest[i]))
		}
	}
	for i, e := range engines {
		if i == 0 || engines[i-1].Min != e.Min || engines[i-1].Max != e.Max {
			want = append(want, e.Series+" "+e.Min.String()+" "+e.Max.String())
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
