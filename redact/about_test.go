package redact

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

// aboutWith returns what a recording tells of an exchange, with one text in one place.
func aboutWith(place, text string) *wire.About {
	a := new(wire.About)
	switch place {
	case "id":
		a.Subject.ID = text
	case "name":
		a.Subject.Name = text
	case "container":
		a.Subject.Container = text
	case "error":
		a.Outcome.Error = text
	default:
		a.Details = []wire.Detail{{Name: "first", Value: "stays"}, {Name: place, Value: text}}
	}
	return a
}

// end ends an exchange of which a recording tells this.
func (c *conv) end(exchange int, a *wire.About) *wire.End {
	return c.r.Event(&wire.End{Meta: c.meta(exchange, wire.ToServer), About: a}).(*wire.End)
}

// TestAbout: what a recording tells of an exchange is masked as what it is, once, and
// goes by the message that it is a copy of.
func TestAbout(t *testing.T) {
	const s = "QQ7hunter2"
	for _, tt := range []struct{ place, text, want, named string }{
		{"id", "https://u:" + s + "@h", "https://u:*@h", "request.target"},
		{"name", "ghp_" + strings.Repeat("a1B2", 9), "ghp_*", "request.target"},
		{"container", "https://u:" + s + "@h", "https://u:*@h", "request.target"},
		{"name", "web", "web", ""},
		{"image", "https://u:" + s + "@h/x:1", "https://u:*@h/x:1", "request.body"},
		{"password", s, "*", "request.body"},
		{"password", "", "", ""},
		{"cmd", "mysql -u root -p" + s, "mysql -u root -p*", "request.body"},
		{"cmd", "login --password two " + s + " -v", "login --password * -v", "request.body"},
		{"cmd", "login --password " + s + " -v", "login --password * -v", "request.body"},
		{"cmd", "curl https://u:" + s + "@h", "curl https://u:*@h", "request.body"},
		{"cmd", "login --password two " + s + "…", "login --password *…", "request.body"},
		{"cmd", "x --password [masked 9 bytes #0a0b0c0d] more", "x --password [masked 9 bytes #0a0b0c0d] more", ""},
		{"cmd", "x --password [masked 9 by…", "x --password [masked 9 by…", ""},
		{"cmd", "echo hi - there", "echo hi - there", ""},
		{"error", "a \"PASSWORD=" + s + "\"", "a \"PASSWORD=*\"", "response.body"},
		{"error", "x-token: " + s, "x-token: *", "response.body"},
		{"error", "Get https://u:" + s + "…", "Get https://u:*…", "response.body"},
		{"error", "<a>&\u2028é", "<a>&\u2028é", ""},
	} {
		c := newConv()
		c.request(1, "/containers/x/exec")
		was := aboutWith(tt.place, tt.text)
		got := c.end(1, was)
		if !reflect.DeepEqual(was, aboutWith(tt.place, tt.text)) {
			t.Errorf("%s %q: what was told is changed", tt.place, tt.text)
		}
		stars := reflect.New(reflect.TypeFor[wire.About]()).Interface().(*wire.About)
		*stars = *got.About
		stars.Details = slices.Clone(stars.Details)
		for _, at := range []*string{&stars.Subject.ID, &stars.Subject.Name, &stars.Subject.Container, &stars.Outcome.Error} {
			*at = starred(*at, tt.named)
		}
		for i := range stars.Details {
			stars.Details[i].Value = starred(stars.Details[i].Value, tt.named)
		}
		if !reflect.DeepEqual(stars, aboutWith(tt.place, tt.want)) {
			t.Errorf("%s %q: got %+v", tt.place, tt.text, *got.About)
		}
		if strings.Join(got.Masked, " ") != tt.named || len(c.r.Summary()) != len(got.Masked) {
			t.Errorf("%s %q: named %q, %v", tt.place, tt.text, got.Masked, c.r.Summary())
		}
		if again := c.end(2, got.About); again.About != got.About || again.Masked != nil {
			t.Errorf("%s %q: masked twice: %+v", tt.place, tt.text, again.About)
		}
	}
}

// starred returns s with a star for each placeholder, if one is due.
func starred(s, named string) string {
	if named == "" {
		return s
	}
	return masktest.Placeholder.ReplaceAllString(s, "*")
}

// TestAboutSecretive: why a login has failed is hidden where it was not said in a
// document; what is named by its message is not named again.
func TestAboutSecretive(t *testing.T) {
	const said = "no user called QQ"
	for _, tt := range []struct {
		target    string
		content   wire.Kind
		dir       wire.Dir
		want      string
		exchanges int64
	}{
		{"/auth", wire.KindText, down, "[masked 17 bytes]", 1},
		{"/auth", wire.KindJSON, up, "[masked 17 bytes]", 1},
		{"/auth", wire.KindJSON, down, said, 0},
		{"/secrets/create", wire.KindText, down, "[masked 17 bytes]", 1},
		{"/containers/create", wire.KindText, down, said, 0},
	} {
		for _, asMessage := range []bool{false, true} {
			c := newConv()
			c.request(1, tt.target)
			if asMessage {
				c.message(1, tt.dir, tt.content, `{"a":1}`)
			} else {
				c.body(1, tt.dir, tt.content, `{"a":1}`)
			}
			got := c.end(1, aboutWith("error", said))
			if got.About.Outcome.Error != tt.want {
				t.Errorf("%s, %v %v: got %q", tt.target, tt.content, tt.dir, got.About.Outcome.Error)
			}
			for _, count := range c.r.Summary() {
				if count.Exchanges != 1 {
					t.Errorf("%s: counted %v", tt.target, count)
				}
			}
			if again := c.end(2, got.About); again.About != got.About {
				t.Errorf("%s: masked twice: %q", tt.target, again.About.Outcome.Error)
			}
		}
	}
	c := newConv()
	c.request(1, "/x?token=QQ")
	if got := c.end(1, aboutWith("name", "https://u:QQ@h")); !slices.Equal(got.Masked, []string{"request.query.token"}) {
		t.Errorf("named %q", got.Masked)
	}
	c.request(2, "/x?token=QQ")
	if got := c.end(2, aboutWith("error", "token=QQ")); !slices.Equal(got.Masked, []string{"request.query.token", "response.body"}) {
		t.Errorf("named %q", got.Masked)
	}
}

// TestAboutAnswer: an answer that was no document is masked as a text, and one that was
// as a member.
func TestAboutAnswer(t *testing.T) {
	for content, want := range map[wire.Kind]string{wire.KindText: "<token>*</token>", wire.KindJSON: "<token>QQ</token>"} {
		c := newConv()
		c.request(1, "/x")
		c.body(1, down, content, `{}`)
		if got := c.end(1, aboutWith("error", "<token>QQ</token>")).About.Outcome.Error; starred(got, "x") != want {
			t.Errorf("%v: got %q", content, got)
		}
	}
}

// TestAboutCall: why a call of gRPC in a session has failed is in its trailers, which are
// shown as all fields are, without secrets. Of what else is in a session nothing is told.
func TestAboutCall(t *testing.T) {
	const said = "Unknown: token=QQ exit code: 7"
	for contentType, want := range map[string]string{"application/grpc": "Unknown: token=* exit code: 7", "application/grpc+proto": "Unknown: token=* exit code: 7", "text/plain": "*", "": "*"} {
		c := inside(dockerapi.Sealed)
		c.request(1, "/moby.buildkit.v1.Control/Solve", "content-type: application/grpc")
		c.r.Event(&wire.Response{Meta: c.meta(1, down), Status: 200, Fields: []wire.Field{{Name: "content-type", Value: contentType}}})
		if got := c.end(1, aboutWith("error", said)); starred(got.About.Outcome.Error, "x") != want || !slices.Equal(got.Masked, []string{"response.body"}) {
			t.Errorf("%s: got %q, named %q, want %q", contentType, got.About.Outcome.Error, got.Masked, want)
		}
	}
}

// TestAboutOff: who wants to see everything does.
func TestAboutOff(t *testing.T) {
	end := &wire.End{Meta: wire.Meta{Conn: &wire.Conn{}}, About: aboutWith("password", "QQ")}
	if got := New(Options{Off: true}).Event(end); got != end || end.About.Details[1].Value != "QQ" {
		t.Errorf("got %+v", got)
	}
	if got := newRedactor().Event(&wire.End{Meta: end.Meta}).(*wire.End); got.About != nil {
		t.Errorf("got %+v", got.About)
	}
}

// TestCloseErr: why a connection ended is masked by how secrets look.
func TestCloseErr(t *testing.T) {
	c := newConv()
	for err, want := range map[string]string{"": "", "connection reset by peer": "connection reset by peer", "dial https://u:QQ@h: no": "dial https://u:*@h: no"} {
		ev := &wire.Close{Meta: c.meta(0, up), Err: err}
		got := c.r.Event(ev).(*wire.Close)
		if starred(got.Err, "x") != want || ev.Err != err {
			t.Errorf("%q: got %q", err, got.Err)
		}
	}
}
