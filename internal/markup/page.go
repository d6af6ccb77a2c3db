package markup

// Writer writes a page from the top down. What comes before the first heading is its lead.
type Writer interface {
	// Contents ends the lead. HTML lists the sections there that come, under a title, with
	// links; readers of Markdown make such a list themselves.
	Contents(title string, all []Section)
	// Section begins a section, which goes on until the next one begins.
	Section(s Section)
	// Heading writes one of a level from 2 to 4, in the section that goes on.
	Heading(level int, text string)

	// Paragraph writes one, of all that t says.
	Paragraph(t ...Text)
	// List writes a list, and before it what is said of it, if that is not empty.
	List(said Text, items ...Text)
	// Failure is a list that tells what went wrong, and looks like that.
	Failure(said Text, items ...Text)
	// Table writes a table. A row that is shorter than others ends with empty cells; so does
	// the head.
	Table(head []Text, rows [][]Text)

	// Caption says what the code is that comes next.
	Caption(t Text)
	// Code writes lines as they are. The language is a word of the caller's, such as "http",
	// "json", "sh", "text", never one of the traffic.
	Code(lang, text string)
	// Changes writes lines that say what has come and gone.
	Changes(lines []Line)
	// Picture writes a drawing.
	Picture(p Picture)

	// String returns the page as far as it is written, as a whole one.
	String() string
}

// Head is what a page begins with.
type Head struct {
	Mark  string // a comment of HTML on a line, by which a page is known as one of ours; as it is
	Title string
	Style string // of HTML, beside that of all pages: rules that are taken as they are
}

// Section is a part of a page with a heading.
type Section struct {
	Level  int    // of its heading, from 2 to 4
	Anchor string // by which links find it: letters, digits and hyphens, by the caller
	Title  string
	Story  bool // it goes over those that come next, of a lower level
}

// Line is one of a block of changes. If its text has several, each of them is one.
type Line struct {
	Change Change
	Text   string
}

// Change says what became of a line.
type Change uint8

// What becomes of lines.
const (
	Kept Change = iota
	Removed
	Added
)

// Picture is a drawing, in the languages that pages are read in. Both are taken as they are:
// who draws escapes the texts, in SVG by EscapeHTML.
type Picture struct {
	Mermaid string
	SVG     string // elements of HTML; Head.Style is theirs too
	Width   Width
}

// Width says how wide a picture is, in pixels.
type Width uint8

// Widths of pictures, by the pages that they fit in: as style.css has it.
const (
	Narrow   Width = iota // at most 560
	Middling              // at most 736
	Wide                  // wider than any page
)
