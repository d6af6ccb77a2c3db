package explain

import (
	"reflect"
	"testing"
)

// TestParse reads all that a file may have.
func TestParse(t *testing.T) {
	const text = `# a remark
@any
500: It failed.

@gone
404: It is not there.
  try: make it
@busy
409: It is busy:
  very.

== Thing

ThingGet
short: Gets
  a thing.
since: 1.2
until: 1.9
deprecated: 1.5
cli: docker get, docker thing get
python: things.get
long: It comes.
  At once.
errors: busy gone
400: It is bad.
  raises: docker.errors.X

ThingPut
short: Puts a thing.
long: It goes.
errors: gone
`
	got, general, err := parse("x", text)
	want := []*Entry{
		{
			Name: "ThingGet", Group: "Thing", Short: "Gets a thing.", Long: "It comes. At once.", Since: "1.2", Until: "1.9", Deprecated: "1.5",
			Commands: []string{"docker get", "docker thing get"}, Python: []string{"things.get"},
			Errors: []Error{
				{"400", "It is bad.", "docker.errors.X", ""},
				{"404", "It is not there.", "docker.errors.NotFound", "make it"},
				{"409", "It is busy: very.", "docker.errors.APIError", ""},
			},
		},
		{Name: "ThingPut", Group: "Thing", Short: "Puts a thing.", Long: "It goes.", Errors: []Error{{"404", "It is not there.", "", "make it"}}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v", err)
		for _, e := range got {
			t.Errorf("%+v", e)
		}
	}
	if want := []Error{{Status: "500", Means: "It failed."}}; !reflect.DeepEqual(general, want) {
		t.Errorf("general: %+v", general)
	}
}

// TestParseErrors: what is wrong is said with its line.
func TestParseErrors(t *testing.T) {
	const entry = "== G\nA\nshort: S.\nlong: L.\n"
	for text, want := range map[string]string{
		"A\n":                           "x:1: A is in no group",
		"== G\nA\n":                     "x:2: A lacks short or long",
		"== G\nA\nshort: S.\nB\n":       "x:4: A lacks short or long",
		entry + "short: T.\n":           "x:5: short is there twice",
		entry + "since: 1\nsince: 2\n":  "x:6: since is there twice",
		entry + "colour: red\n":         "x:5: unknown key \"colour\"",
		entry + "two words\n":           "x:5: not understood: \"two words\"",
		entry + "errors: e\n":           "x:5: A: there are no errors @e",
		entry + "  try: it\n":           "x:5: try of no status",
		entry + "404: a\n404: b\n":      "x:6: A says twice what 404 means",
		entry + "cli: a\n  b\n":         "x:6: nothing that could go on",
		"  a\n":                         "x:1: nothing that could go on",
		"short: S.\n":                   "x:1: short of no operation",
		"404: S.\n":                     "x:1: 404 of no operation",
		"@e\n404: a\n@e\n":              "x:3: @e is there twice",
		"@e\n404: a\n  try: a\n== G\nA": "x:5: A lacks short or long",
	} {
		if _, _, err := parse("x", text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	if _, err := read("A", "", ""); err == nil {
		t.Error("read takes what cannot be parsed")
	}
}
