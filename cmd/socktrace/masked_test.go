package main

import (
	"fmt"
	"slices"
	"testing"

	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// TestMaskedLine offers --show-secrets only where there are secrets to be shown.
func TestMaskedLine(t *testing.T) {
	before := maskedBefore{}
	passed := 0
	watched := before.watch(func(wire.Event) { passed++ })
	for _, ev := range []wire.Event{
		&wire.Request{Masked: []string{"a"}}, &wire.Response{Masked: []string{"b"}}, &wire.Body{Masked: []string{"c"}},
		&wire.Message{Masked: []string{"d"}}, &wire.End{Masked: []string{"e", "f"}}, &wire.Close{},
	} {
		watched(ev)
	}
	if passed != 6 || len(before) != 6 {
		t.Errorf("%d events, %v", passed, before)
	}
	const shows, already = "%d secrets masked: %s; --show-secrets shows them", "%d secrets masked already when it was recorded: %s"
	for _, c := range []struct {
		masked  string
		capture bool
		says    string
		all     int
		want    string
	}{
		{"abcdef", false, already, 585, "a (100), b (99), c (98), d (97), e (96), f (95)"},
		{"a", true, shows, 100, "a (100)"},
		{"x", false, shows, 100, "x (100)"},
		{"ax", false, shows, 199, "a (100), x (99)"},
		{"xa", false, shows, 199, "x (100), a (99)"},
		{"abcdefab", false, already, 772, "a (100), b (99), c (98), d (97), e (96), f (95), a (94), b (93)"},
		{"abcdefabc", false, already, 864, "a (100), b (99), c (98), d (97), e (96), f (95), a (94), b (93), and 1 more"},
		{"abcdefabcx", false, shows, 955, "a (100), b (99), c (98), d (97), e (96), f (95), a (94), b (93), and 2 more"},
	} {
		var counts []redact.Count
		for i, name := range c.masked {
			counts = append(counts, redact.Count{Name: string(name), Exchanges: int64(100 - i)})
		}
		slices.Reverse(counts) // the most frequent comes first
		if got, want := before.line(counts, c.capture), fmt.Sprintf(c.says, c.all, c.want); got != want {
			t.Errorf("%s: got %s\nwant %s", c.masked, got, want)
		}
	}
	for n := range maxMaskedBefore + 10 {
		watched(&wire.Request{Masked: []string{fmt.Sprint(n)}})
	}
	if len(before) != maxMaskedBefore {
		t.Errorf("%d names are held", len(before))
	}
}

// TestMaskedShown counts what was masked in exchanges, once in each, as far as names
// go.
func TestMaskedShown(t *testing.T) {
	m := maskedShown{}
	for _, ev := range []wire.Event{
		&wire.Request{Masked: []string{"b"}}, &wire.Exchange{Masked: []string{"b", "c"}}, &wire.Exchange{Masked: []string{"b", "a"}}, &wire.Exchange{}, &wire.Close{},
	} {
		if err := m.Event(ev, nil); err != nil {
			t.Error(err)
		}
	}
	if got, want := fmt.Sprint(m.counts()), "[{a 1} {b 2} {c 1}]"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	for n := range maxMaskedBefore + 10 {
		_ = m.Event(&wire.Exchange{Masked: []string{"a", fmt.Sprint(n)}}, nil)
	}
	if len(m) != maxMaskedBefore || m["a"] != maxMaskedBefore+11 {
		t.Errorf("%d names are held, a %d times", len(m), m["a"])
	}
}
