// Package markup writes pages that people read, in Markdown or in HTML: headings,
// paragraphs, lists, tables, blocks of code. It marks text up and escapes it, once for all
// that is written: whatever a text says, it stands there as text, and as nothing else.
//
//	w := markup.NewMarkdown(markup.Head{Mark: mark, Title: "What is new"})
//	w.Paragraph(markup.Code(name), markup.Plain(" is asked for by "), markup.Bold(markup.Plain("two")))
//	w.Heading(2, "How the requests differ")
//	w.Changes([]markup.Line{{Change: markup.Removed, Text: before}, {Change: markup.Added, Text: after}})
//	_, err := io.WriteString(out, w.String())
//
// Texts may come from anybody. What is not shown of them (controls, characters that turn text
// around) is written out as package escape does. Taken as they are, and so never from the
// traffic, are a page's mark and style, the languages of code, anchors and drawings; where
// they stand their comments say so.
//
// A writer holds the page until it is asked for it, which is a small multiple of what it was
// told; it is for its caller to bound that. One goroutine at a time uses a writer.
package markup
