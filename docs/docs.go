// Package docs has the pages of this folder in the program, for those who have
// only that.
package docs

import (
	"embed"
	"strings"
)

//go:embed *.md
var pages embed.FS

// Page is one of them.
type Page struct {
	Name  string // of its file, without .md
	Title string
	Text  string // Markdown
}

// Pages returns all of them, by name.
func Pages() ([]Page, error) {
	files, err := pages.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var all []Page
	for _, f := range files {
		b, err := pages.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		text := string(b)
		first, _, _ := strings.Cut(text, "\n")
		all = append(all, Page{strings.TrimSuffix(f.Name(), ".md"), strings.TrimPrefix(first, "# "), text})
	}
	return all, nil
}
