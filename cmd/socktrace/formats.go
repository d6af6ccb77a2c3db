package main

import (
	"bytes"
	"io"
	"strings"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/lesson"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// formats returns the words of --format, and what each shows.
func formats() (words, says []string) {
	words = []string{"text", "compact", "jsonl"}
	says = []string{"heads, bodies and frames, as they come", "one line an exchange", "one JSON object an event"}
	for i := range equivalent.Forms {
		f := &equivalent.Forms[i]
		words, says = append(words, f.Name), append(says, f.Says)
	}
	return words, says
}

// formatFlag adds --format.
func (o *options) formatFlag(add func(p *string, name, short, value, usage string)) {
	words, _ := formats()
	calls := words[3:]
	last := calls[len(calls)-1]
	if len(calls) > 1 {
		last = strings.Join(calls[:len(calls)-1], ", ") + " or " + last
	}
	add(&o.format, "format", "f", "text", "show the traffic as `FORMAT`: text, compact (a line an exchange), jsonl (for programs); or as "+last+" that asks for the same (see help calls)")
}

// completions returns what shells propose for --format.
func formatCompletions() (list []string) {
	words, says := formats()
	for i := range words {
		list = append(list, words[i]+"\t"+says[i])
	}
	return list
}

// newSink returns what makes the sink of the live output.
func (o *options) newSink(ro render.Options) func(io.Writer) wire.Sink {
	if o.lesson.format != "" {
		return func(w io.Writer) wire.Sink { return lesson.New(w, o.howTaught()) }
	}
	switch o.format {
	case "compact":
		return func(w io.Writer) wire.Sink { return render.NewCompact(w, ro) }
	case "jsonl":
		return func(w io.Writer) wire.Sink { return render.NewJSONL(w, int64(o.maxBody)) }
	}
	if form := equivalent.Named(o.format); form != nil {
		return func(w io.Writer) wire.Sink { return render.NewCalls(w, form, o.daemonFacts, ro) }
	}
	return func(w io.Writer) wire.Sink { return render.NewText(w, ro) }
}

// commented returns lines of ours as comments, where the format is that of a script.
func (o *options) commented(text []byte) []byte {
	form := equivalent.Named(o.format)
	if form == nil || o.quiet {
		return text
	}
	var b []byte
	for line := range bytes.Lines(text) {
		if len(bytes.TrimSpace(line)) > 0 {
			b = append(b, form.Comment...)
		}
		b = append(b, line...)
	}
	return b
}
