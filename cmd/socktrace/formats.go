package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/intercept"
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

// ours is how many of the formats are not calls.
const ours = 3

// formatWords are the words of --format.
func formatWords() []string {
	words, _ := formats()
	return words
}

// formatFlag adds --format.
func (o *options) formatFlag(add func(p *string, name, short, value, usage string)) {
	calls := strings.Join(formatWords()[ours:], ", ")
	add(&o.format, "format", "f", "text", "show the traffic as `FORMAT`: text, compact (a line an exchange), jsonl (for programs); or what asks for the same: "+calls+" (see help calls)")
}

// formatCompletions returns what shells propose for --format.
func formatCompletions() (list []string) {
	words, says := formats()
	for i := range words {
		list = append(list, words[i]+"\t"+says[i])
	}
	return list
}

// newSink returns what makes the sink of the live output.
func (o *options) newSink(ro render.Options) func(io.Writer) wire.Sink {
	if o.kept != nil {
		return func(io.Writer) wire.Sink { return o.kept }
	}
	if o.lesson.format != "" {
		return func(w io.Writer) wire.Sink { return lesson.New(w, o.howTaught()) }
	}
	if o.policy.all {
		return o.policy.newSink
	}
	switch o.format {
	case "compact":
		return func(w io.Writer) wire.Sink { return render.NewCompact(w, ro) }
	case "jsonl":
		return func(w io.Writer) wire.Sink { return render.NewJSONL(w, int64(o.maxBody), o.jsonlEvents()) }
	}
	if form := equivalent.Named(o.format); form != nil {
		return func(w io.Writer) wire.Sink { return render.NewCalls(w, form, o.daemonFacts, ro) }
	}
	return func(w io.Writer) wire.Sink { return render.NewText(w, ro) }
}

// jsonlEvents returns the kinds of events that JSON lines are written of.
func (o *options) jsonlEvents() render.Events {
	if o.events == nil {
		return render.AllEvents
	}
	return render.EventsNamed(o.events)
}

// checkEvents looks at --events.
func (o *options) checkEvents() error {
	switch {
	case o.events == nil:
		return nil
	case o.format != "jsonl":
		return errors.New("--events needs --format jsonl")
	case len(o.events) == 0:
		return errors.New("--events: no event is given")
	}
	all := render.EventNames()
	for _, name := range o.events {
		if !slices.Contains(all, name) {
			return notOneOf("events", name, all)
		}
	}
	return nil
}

// prose reports whether the format is one for people to read, and no script or data.
func (o *options) prose() bool { return o.format == "text" || o.format == "compact" }

// ordered reports whether what is shown of an exchange depends on those before it.
func (o *options) ordered() bool { return o.explain || equivalent.Named(o.format) != nil }

// tellCalls notes what calls have to know of the daemon: the files for TLS that the docker
// CLI would take, as far as they are there.
func (o *options) tellCalls(u intercept.Upstream, getenv func(string) string) {
	if u.TLS == nil {
		return
	}
	d := &o.daemonFacts
	d.TLS, d.Insecure = true, u.TLS.InsecureSkipVerify
	d.CACert, d.Cert, d.Key = o.tls.ca, o.tls.cert, o.tls.key
	dir := getenv("DOCKER_CERT_PATH")
	if dir == "" || o.context != "" {
		return
	}
	for _, f := range []struct {
		is   *string
		name string
		want bool
	}{{&d.CACert, "ca.pem", !d.Insecure}, {&d.Cert, "cert.pem", d.Key == ""}, {&d.Key, "key.pem", true}} {
		path := filepath.Join(dir, f.name)
		if _, err := os.Stat(path); *f.is == "" && f.want && err == nil {
			*f.is = path
		}
	}
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
