package otlp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func TestTraceparent(t *testing.T) {
	for _, tt := range []struct {
		value string
		flags byte
		ok    bool
	}{
		{parent, 1, true},
		{strings.TrimSuffix(parent, "01") + "00", 0, true},
		{strings.TrimSuffix(parent, "01") + "ff", 0xff, true},
		{"cc" + parent[2:], 1, true},
		{"cc" + strings.TrimSuffix(parent[2:], "01") + "ff", 1, true},
		{"cc" + parent[2:] + "-what-the-future-will-be-like", 1, true},
		{"cc" + parent[2:] + ".what", 0, false},
		{parent + "-", 0, false},
		{parent + "-01", 0, false},
		{"ff" + parent[2:], 0, false},
		{"0x" + parent[2:], 0, false},
		{strings.ToUpper(parent), 0, false},
		{strings.Replace(parent, "-", "_", 1), 0, false},
		{parent[:54], 0, false},
		{"", 0, false},
		{" " + parent, 0, false},
		{"00-00000000000000000000000000000000-00f067aa0ba902b7-01", 0, false},
		{"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", 0, false},
		{"00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01", 0, false},
		{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g", 0, false},
	} {
		c, ok := parseTraceparent(tt.value)
		if ok != tt.ok || c.flags != tt.flags {
			t.Errorf("%q: %+v, %t", tt.value, c, ok)
		}
		if ok && fmt.Sprintf("%x-%x", c.trace, c.span) != parent[3:52] {
			t.Errorf("%q: %x-%x", tt.value, c.trace, c.span)
		}
	}
}

// TestCarried reads fields: one traceparent counts, and a tracestate beside it.
func TestCarried(t *testing.T) {
	field := func(name, value string) wire.Field { return wire.Field{Name: name, Value: value} }
	for _, tt := range []struct {
		fields []wire.Field
		ok     bool
		state  string
	}{
		{nil, false, ""},
		{[]wire.Field{field("Traceparent", parent)}, true, ""},
		{[]wire.Field{field("traceparent", parent), field("Tracestate", "a=1"), field("tracestate", "b=2")}, true, "a=1, b=2"},
		{[]wire.Field{field("tracestate", "a=1")}, false, ""},
		{[]wire.Field{field("traceparent", parent), field("TraceParent", parent)}, false, ""},
		{[]wire.Field{field("traceparent", parent), field("traceparent", "x")}, false, ""},
		{[]wire.Field{{Name: "traceparent", Value: parent, Masked: true}}, false, ""},
		{[]wire.Field{field("traceparent", parent), field("tracestate", "a=\x1b")}, true, ""},
		{[]wire.Field{field("traceparent", parent), field("tracestate", "a="+strings.Repeat("x", maxTraceState))}, true, ""},
	} {
		c, ok := carried(tt.fields)
		if ok != tt.ok || c.state != tt.state || c.valid() != ok {
			t.Errorf("%v: %+v, %t", tt.fields, c, ok)
		}
	}
}

// FuzzTraceparent: what is taken is a version, and the digits that come out.
func FuzzTraceparent(f *testing.F) {
	f.Add(parent)
	f.Add("cc" + parent[2:] + "-x")
	f.Fuzz(func(t *testing.T, s string) {
		c, ok := parseTraceparent(s)
		if !ok {
			if c != (spanContext{}) {
				t.Errorf("%q is not taken, and means %+v", s, c)
			}
			return
		}
		if got := fmt.Sprintf("%x-%x", c.trace, c.span); got != s[3:52] || !c.valid() {
			t.Errorf("%q: %s", s, got)
		}
	})
}
