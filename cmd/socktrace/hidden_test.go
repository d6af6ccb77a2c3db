package main

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/filter"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/subject"
	"github.com/socktrace/socktrace/wire"
)

// TestHidden: that bodies of exchanges are left out that a filter hides changes nothing of what is shown, be it
// names that they tell or secrets that are masked by them. Digests of what is masked are those of one run.
func TestHidden(t *testing.T) {
	digest := regexp.MustCompile(`(#|%23)[0-9a-f]{8}`)
	shown := func(c tracetest.Capture, expression string, skip bool) string {
		f, err := filter.Compile(expression)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		book := flow.New(flow.Options{
			Mask: redact.New(redact.Options{}).Event, Learn: subject.NewReader().Learn, Filter: f,
			Failed: func(_ string, err error) { t.Error(err) }, Still: true, Unhurried: true,
		})
		book.Add("the sink", render.NewJSONL(&out, 1<<20, render.AllEvents), flow.Delivery{Alone: true})
		var numbers wire.Numbers
		o := decodeOptions(book.Needs(), 1<<20, nil, &numbers)
		if skip {
			o.Hidden = book.Hides
		}
		for _, c := range c.Conns {
			conn := c.Wire(numbers.Next(), exampleBegan)
			d := decode.New(conn, o, book.Of(conn))
			d.Open()
			c.Play(conn, d)
		}
		book.Close()
		return digest.ReplaceAllString(out.String(), "#")
	}
	some := false
	for _, pattern := range []string{"../../testdata/captures/*.txt", "../../decode/testdata/transcripts/*.txt"} {
		for _, c := range tracetest.Load(t, pattern) {
			for _, expression := range []string{
				`operation in ["ContainerAttach", "ContainerStart", "ExecStart"]`, `status >= 400`,
				`operation matches "Image|Wait"`, `target contains "buildkit"`,
			} {
				want := shown(c, expression, false)
				some = some || want != ""
				if got := shown(c, expression, true); got != want {
					t.Errorf("%s, %s:\n got %.2000s\nwant %.2000s", c.Name, expression, got, want)
				}
			}
		}
	}
	if !some {
		t.Error("nothing was shown")
	}
}
