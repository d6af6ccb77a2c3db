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
	const shows, already = " (--show-secrets shows them)", " (already when it was recorded)"
	for _, c := range []struct {
		masked  string
		capture bool
		want    string
	}{
		{"abcdef", false, "a (100), b (99), c (98), d (97), e (96), f (95)" + already},
		{"a", true, "a (100)" + shows},
		{"x", false, "x (100)" + shows},
		{"ax", false, "a (100), x (99)" + shows},
		{"xa", false, "x (100), a (99)" + shows},
		{"abcdefab", false, "a (100), b (99), c (98), d (97), e (96), f (95), a (94), b (93)" + already},
		{"abcdefabc", false, "a (100), b (99), c (98), d (97), e (96), f (95), a (94), b (93), and 1 more" + already},
		{"abcdefabcx", false, "a (100), b (99), c (98), d (97), e (96), f (95), a (94), b (93), and 2 more" + shows},
	} {
		var counts []redact.Count
		for i, name := range c.masked {
			counts = append(counts, redact.Count{Name: string(name), Exchanges: int64(100 - i)})
		}
		slices.Reverse(counts) // the most frequent comes first
		if got, want := before.line(counts, c.capture), "masked, in so many exchanges: "+c.want; got != want {
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
