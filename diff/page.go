package diff

import (
	"fmt"

	"github.com/socktrace/socktrace/internal/markup"
)

// Mark is how reports begin that are no text.
const Mark = "<!-- Written by socktrace diff. -->\n"

// Markdown returns a result as a page in Markdown, HTML one that needs no other file.
func Markdown(r *Result) []byte {
	return page(r, func(h markup.Head) markup.Writer { return markup.NewMarkdown(h) })
}
func HTML(r *Result) []byte {
	return page(r, func(h markup.Head) markup.Writer { return markup.NewHTML(h) })
}

// page writes a report.
func page(r *Result, begin func(markup.Head) markup.Writer) []byte {
	w := begin(markup.Head{Mark: Mark, Title: "What " + r.B.Name + " does differently from " + r.A.Name})
	w.Paragraph(markup.Plain(r.Summary() + "."))
	if said := r.Incomplete(); said != "" {
		w.Paragraph(markup.Bold(markup.Plain(said)))
	}
	if len(r.Common) > 0 {
		w.Heading(2, "In "+r.Shared())
		writeChanges(w, r.CommonChanges())
	}
	r.writeItems(w, Changed, "Done differently")
	r.writeItems(w, Moved, "In another order")
	r.writeItems(w, Missing, "Only in "+r.A.Name)
	r.writeItems(w, Extra, "Only in "+r.B.Name)
	writeSkipped(w, r.Skipped)
	return []byte(w.String())
}

// writeItems writes those of a kind under a title: those with changes one by one, then the others
// in a list.
func (r *Result) writeItems(w markup.Writer, kind Kind, about string) {
	begun := false
	var list []markup.Text
	for i := range r.Items {
		item := &r.Items[i]
		if item.Kind != kind {
			continue
		}
		if !begun {
			w.Heading(2, about)
			begun = true
		}
		operation, title := item.Title()
		if len(item.Changes) == 0 {
			list = append(list, markup.Bold(markup.Plain(operation)).And(markup.Plain(" "), markup.Code(title), markup.Plain(" ("+item.Where()+")")))
			continue
		}
		w.Heading(3, fmt.Sprintf("%s (%s)", operation, item.Where()))
		w.Paragraph(markup.Code(title))
		writeChanges(w, item.Changes)
		if rest := item.Rest(); rest != "" {
			w.Paragraph(markup.Plain(rest + "."))
		}
	}
	if len(list) > 0 {
		w.List(nil, list...)
	}
}

// writeSkipped lists what was not compared.
func writeSkipped(w markup.Writer, all []Skipped) {
	if len(all) == 0 {
		return
	}
	w.Heading(2, "Not compared")
	var rows [][]markup.Text
	for i := range all {
		s := &all[i]
		rows = append(rows, []markup.Text{markup.Plain(fmt.Sprintf("#%d", s.Number)), markup.Code(s.Title()), markup.Plain(s.Why)})
	}
	w.Table([]markup.Text{markup.Plain("exchange"), markup.Plain("request"), markup.Plain("why")}, rows)
}

// changeOf are the signs of lines, as pages have them.
var changeOf = map[rune]markup.Change{'-': markup.Removed, '+': markup.Added}

// writeChanges writes a table of values, and the lines of texts below it.
func writeChanges(w markup.Writer, all []Change) {
	var rows [][]markup.Text
	for i := range all {
		c := &all[i]
		if len(c.Lines) > 0 {
			continue
		}
		a, b := c.Values()
		place := markup.Code(c.Told())
		if aside := c.Aside(); aside != "" {
			place = place.And(markup.Plain(aside))
		}
		rows = append(rows, []markup.Text{place, side(a, c.HasA, markup.Deleted), side(b, c.HasB, markup.Inserted)})
	}
	if len(rows) > 0 {
		w.Table([]markup.Text{markup.Plain("where"), markup.Plain("before"), markup.Plain("after")}, rows)
	}
	for i := range all {
		if len(all[i].Lines) == 0 {
			continue
		}
		var lines []markup.Line
		for _, l := range all[i].Lines {
			text := l.Text
			if l.Sign == '…' {
				text = "…"
			}
			lines = append(lines, markup.Line{Change: changeOf[l.Sign], Text: text})
		}
		w.Caption(markup.Code(all[i].Told()))
		w.Changes(lines)
	}
}

// side returns a value; what is not there is in words.
func side(value string, has bool, mark func(markup.Text) markup.Text) markup.Text {
	if !has {
		return markup.Plain(value)
	}
	return mark(markup.Code(value))
}
