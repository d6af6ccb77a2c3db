package render

import "strings"

// longestLine is how long lines of sentences are at most, in columns, so that they can be
// read.
const longestLine = 100

// brokenAtWords returns text in lines of at most so many columns, broken between words; a
// longer word has a line of its own. The first line, which may stand behind something else, has
// less room, and is empty if the first word does not fit there. Words of the traffic count as they
// look when they are escaped.
func brokenAtWords(text string, first, room int) []string {
	var lines []string
	var line strings.Builder
	used, left := 0, first
	for word := range strings.SplitSeq(text, " ") { // several blanks, as in a quote, stay
		n := columns(appendEscaped(nil, word, "", ""))
		switch behind := used > 0 || len(lines) == 0 && first < room; {
		case behind && used+min(used, 1)+n > left:
			lines = append(lines, line.String())
			line.Reset()
			used, left = 0, room
		case used > 0:
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += n
	}
	if used > 0 {
		lines = append(lines, line.String())
	}
	return lines
}

// sentences adds lines of text behind the prefix, broken between words. Quotes of the
// traffic in it are escaped.
func (p *page) sentences(text string) { p.sentencesIn(text, min(p.room(longestLine), longestLine)) }

// sentencesIn does so in lines of so many columns.
func (p *page) sentencesIn(text string, room int) {
	for _, line := range brokenAtWords(text, room, room) {
		p.text(roleFaint, line)
		p.end()
	}
}
