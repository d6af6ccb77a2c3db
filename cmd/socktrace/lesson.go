package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/lesson"
)

func newLesson(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true, unhurried: true, captured: true}
	cmd := &cobra.Command{
		Use:   "lesson [flags] FILE...",
		Short: "Write a recorded session as a story to read",
		Long: `Write what recordings and captures hold as a story to read: who talked to what, a
diagram of the messages in the order of time, and each request with its answer, what
it is for and how to ask for the same. It is Markdown, with a diagram of Mermaid, or
HTML: one file that needs no other, and in which nothing runs. The name of the output
says which, or --format. The files are those that read takes.`,
		Example: `  socktrace lesson session.har -o lesson.html
  socktrace lesson session.har -o lesson.md
  socktrace lesson --container web --title 'What became of web' session.har
  socktrace demo -q --har demo.har && socktrace lesson demo.har -o lesson.html`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &failure{code: exitUsage, err: errors.New("lesson: no file"), hint: "socktrace lesson session.har -o lesson.html"}
			}
			return nil
		},
		ValidArgsFunction: completeRecordings,
		RunE: func(_ *cobra.Command, args []string) error {
			err := read(o, src, s, args)
			if err == nil && o.output != "" && o.output != "-" {
				complain(s.err, fmt.Errorf("%s: written", o.output))
			}
			return err
		},
	}
	o.showFlags(cmd, src)
	o.keyLogFlag(cmd)
	check := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if err := o.lessonFormat(); err != nil {
			return badFlags(src, err)
		}
		o.quiet, o.stats, o.explain = false, false, false // a lesson has all that, and is nothing else
		return check(cmd, args)
	}
	f := cmd.Flags()
	f.StringVar(&o.lesson.title, "title", "", "call the lesson `TEXT`")
	complete(cmd, "title")
	for _, name := range []string{"quiet", "stats", "events", "explain", "heads", "bodies", "all", "paths", "color"} {
		_ = f.MarkHidden(name) // it decides nothing here; an unknown one a test would see
	}
	f.Lookup("format").DefValue = ""
	o.format = ""
	f.Lookup("format").Usage = "write `FORMAT`: markdown or html; default: html if the name of the output ends in .html, else markdown"
	f.Lookup("output").Usage = "write to `FILE` instead of " + src.output() + "; a lesson that is there already is replaced"
	complete(cmd, "format", "markdown\twith a diagram of Mermaid", "html\tone file, with a diagram in SVG")
	completeFiles(cmd, "output", "html", "md")
	return cmd
}

// lessonOptions are what lesson alone has. The zero value is that of other commands.
type lessonOptions struct {
	format string // markdown or html
	title  string
}

// aLesson is how a lesson begins.
var aLesson = regexp.MustCompile(`^(<!DOCTYPE html>\n)?` + regexp.QuoteMeta(lesson.Mark))

// The formats of lessons.
const (
	lessonMarkdown = "markdown"
	lessonHTML     = "html"
)

// lessonFormat decides what a lesson is written as: what the flag says, or else what the
// name of the output is usual for. The live output, which it stands in for, is text.
func (o *options) lessonFormat() error {
	all := []string{lessonMarkdown, lessonHTML}
	o.lesson.format, o.format = o.format, "text"
	switch end := strings.ToLower(filepath.Ext(o.output)); {
	case slices.Contains(all, o.lesson.format):
	case o.lesson.format != "":
		return notOneOf("format", o.lesson.format, all)
	case end == ".html" || end == ".htm":
		o.lesson.format = lessonHTML
	default:
		o.lesson.format = lessonMarkdown
	}
	return nil
}

// howTaught returns how a lesson is written.
func (o *options) howTaught() lesson.Options {
	return lesson.Options{HTML: o.lesson.format == lessonHTML, Title: o.lesson.title, Daemon: o.daemonFacts, Memory: int(o.memory() / 8)}
}
