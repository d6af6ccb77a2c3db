// Package markup writes pages that people read, in Markdown or in HTML: headings,
// paragraphs, lists, tables, blocks of code. It marks text up and escapes it, once for all
// that is written: whatever a text says, it stands there as text, and as nothing else.
//
//	w := markup.NewMarkdown(markup.Head{Mark: mark, Title: "What is new"})
//	w.Paragraph(markup.Code(name), markup.Plain(" is asked for by "), markup.Bold(markup.Plain("two")))
//	w.Heading(2, "How the requests differ")
//	w.Changes([]markup.Line{{markup.Removed, "Tty: false"}, {markup.Added, "Tty: true"}})
//	_, err := io.WriteString(out, w.String())
//
// Texts may come from anybody: what is not shown of them (controls, characters that turn text
// around) is written out as package escape does. What does not is said where it is asked for:
// Head.Mark, Head.Style, languages of code, anchors, the two languages of a Picture.
//
// A writer holds the page until it is asked for it, which is a small multiple of what it was
// told; it is for its caller to bound that. One goroutine at a time uses a writer.
package markup
