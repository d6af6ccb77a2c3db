package redact

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

func TestTargets(t *testing.T) {
	for _, tt := range []struct{ in, want, names string }{
		{`/build?t=x&buildargs={"TOKEN":"§","A":"b"}&rm=1`, `/build?t=x&buildargs={"TOKEN":"$","A":"b"}&rm=1`, "request.query.buildargs"},
		{`/build?buildargs=%7B%22TOKEN%22%3a%22§%22%2C%22A%22%3A%22b%22%7D`, `/build?buildargs=%7B%22TOKEN%22%3a%22$%22%2C%22A%22%3A%22b%22%7D`, "request.query.buildargs"},
		{`/build?labels=%7B%22my.secret%22:%22§%22%7D`, `/build?labels=%7B%22my.secret%22:%22$%22%7D`, "request.query.labels"},
		{`/build?remote=https://u:§@h/x.git#main`, `/build?remote=https://u:$@h/x.git#main`, "request.query.remote"},
		{`/build?remote=https%3A%2F%2Fu%3A§%40h%2Fx%3Faccess_token%3D§%26y`, `/build?remote=https%3A%2F%2Fu%3A$%40h%2Fx%3Faccess_token%3D$%26y`, "request.query.remote request.query.remote.access_token"},
		{`/v1.41/build?session=§&buildid=x&remote=client-session`, `/v1.41/build?session=$&buildid=x&remote=client-session`, "request.query.session"},
		{`/images/create?changes=ENV+API_TOKEN%3D§&changes=ENV%20PW_KEY%20§&changes=LABEL%20a=b`, `/images/create?changes=ENV+API_TOKEN%3D$&changes=ENV%20PW_KEY%20$&changes=LABEL%20a=b`, "request.query.changes.API_TOKEN request.query.changes.PW_KEY"},
		{`/x?token=§&Access-Token=§&client_secret=§&password=§&passwd=§&db_pwd=§&apiKey=§&api_key=§&auth=§&X-Amz-Credential=§&X-Amz-Signature=§&key=§&code=§&sig=§`,
			`/x?token=$&Access-Token=$&client_secret=$&password=$&passwd=$&db_pwd=$&apiKey=$&api_key=$&auth=$&X-Amz-Credential=$&X-Amz-Signature=$&key=$&code=$&sig=$`, ""},
		{`/x?%74oken=§`, `/x?%74oken=$`, "request.query.token"},
		{`http://u:§@h/x?y`, `http://u:$@h/x?y`, "request.target"},
		{`/x/ghp_§?a=ghp_§&ghp_§`, `/x/ghp_$?a=ghp_$&ghp_$`, "request.target request.query.a request.query"},
		{`/x?a=%67hp_§`, `/x?a=%67hp_$`, "request.query.a"},
		{`/x?y={"password":5}`, `/x?y={"password":$}`, "request.query.y"},

		{`/swarm/update?rotateWorkerToken=true&rotateManagerToken=false&rotateManagerUnlockKey=1&version=5`, "", ""},
		{`/services/x/update?registryAuthFrom=spec&version=5`, "", ""},
		{`/containers/x/attach?detachKeys=ctrl-p&stream=1&author=me`, "", ""},
		{`/images/json?filters=%7B%22label%22%3A%7B%22a%3Db%22%3Atrue%7D%7D&all=1`, "", ""},
		{`/x/prune?filters={"label":{"password=§":true,"a=b":true}}`, `/x/prune?filters={"label":{"password=$":true,"a=b":true}}`, "request.query.filters"},
		{`/x/prune?filters=%7B%22label%22%3A%7B%22password%3D§%22%3Atrue%7D%7D`, `/x/prune?filters=%7B%22label%22%3A%7B%22password%3D$%22%3Atrue%7D%7D`, "request.query.filters"},
		{`/x/prune?filters={"label!":{"my.token=§":true}}`, `/x/prune?filters={"label!":{"my.token=$":true}}`, "request.query.filters"},
		{`/images/create?fromImage=127.0.0.1%3A5055%2Fbb&tag=1&platform=linux%2Famd64`, "", ""},
		{`/containers/x/archive?path=%2Fetc%2Fpasswd&noOverwriteDirNonDir=true`, "", ""},
		{`/build?session=`, "", ""}, {`/containers/json?session=x`, "", ""},
		{`/x?token=&%zz=%&a==&&=`, "", ""}, {`*`, "", ""}, {``, "", ""},
	} {
		// The token is made of letters only, so that it is the same encoded.
		const token = "SECRETvalueABCDEFGH0123"
		in := strings.ReplaceAll(tt.in, "§", token)
		want := tt.want
		if want == "" {
			want = in
		}
		c := newConv()
		q := c.request(1, in)
		got := masktest.Encoded.ReplaceAllString(q.Target, "$$")
		got = strings.ReplaceAll(got, "%22$%22", "$") // around a number
		if got != strings.ReplaceAll(want, "%22$%22", "$") {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
		if strings.ContainsAny(q.Target, " []") {
			t.Errorf("not a target: %s", q.Target)
		}
		if names := strings.Fields(tt.names); len(names) > 0 && !slices.Equal(q.Masked, names) {
			t.Errorf("%s: masked %q, want %q", in, q.Masked, names)
		}
		if again := c.request(2, q.Target); again.Target != q.Target {
			t.Errorf("%s\nbecame %s", q.Target, again.Target)
		}
	}
}

// FuzzTarget: the other parameters are what they were.
func FuzzTarget(f *testing.F) {
	f.Add("/build?x=", "&y=%20&buildargs={\"A\":1}")
	f.Add("/commit", "comment=password=authorization%20:%20x&changes=TOKEN=$X_API_TOKEN%20:%20y")
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.Contains(before+after, "SECRET") || strings.ContainsAny(before, "?&") || strings.Contains(before+after, "asked") {
			return
		}
		q := newConv().request(1, before+"?token=SECRET&"+after)
		if strings.Contains(q.Target, "SECRET") {
			t.Errorf("got %s", q.Target)
		}
		_, was, _ := strings.Cut(before+"?token=SECRET&"+after, "?")
		_, is, _ := strings.Cut(q.Target, "?")
		if a, b := strings.Count(was, "&"), strings.Count(is, "&"); a != b {
			t.Errorf("%q became %q", was, is)
		}
		if _, err := url.QueryUnescape(was); err == nil {
			if _, err := url.QueryUnescape(is); err != nil {
				t.Errorf("%q became %q: %v", was, is, err)
			}
		}
	})
}

func TestURLsInFields(t *testing.T) {
	for line, want := range map[string]string{
		"Referer: https://u:" + secret + "@h/x?token=" + secret + "&a=b":          "https://u:$@h/x?token=$&a=b",
		"Location: /x?code=" + secret:                                             "/x?code=$",
		"X-Meta-Source: see https://u:" + secret + "@h/":                          "see https://u:$@h/",
		"X-Note: Bearer " + secret + "123":                                        "Bearer $",
		"X-Meta-Key: ghp_0123456789" + secret[:3] + "xyz":                         "ghp_$",
		"Docker-Distribution-Api-Version: registry/2.0":                           "registry/2.0",
		"X-Docker-Container-Path-Stat: eyJuYW1lIjoiaG9zdG5hbWUiLCJzaXplIjoxM30=":  "eyJuYW1lIjoiaG9zdG5hbWUiLCJzaXplIjoxM30=",
		`WWW-Authenticate: Bearer realm="https://auth.docker.io/token?service=x"`: `Bearer realm="https://auth.docker.io/token?service=x"`,
	} {
		q := newConv().request(1, "/info", line)
		got := shown(strings.ReplaceAll(masktest.Encoded.ReplaceAllString(q.Fields[0].Value, "$$"), "$$", "$"))
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
		if masked := q.Masked != nil; masked != (got != headerField(line).Value) || masked != q.Fields[0].Masked {
			t.Errorf("%s: masked %q, line %q", line, q.Masked, q.Fields[0].Line)
		}
	}
}

func TestRegistryAuth(t *testing.T) {
	for in, want := range map[string]string{
		b64url(`{"username":"usr","password":"` + secret + `","serveraddress":"127.0.0.1:5055"}`): `{"username":"usr","password":"$","serveraddress":"127.0.0.1:5055"}`,
		strings.TrimRight(b64url(`{"username": "ü?>","auth": "x","email":"e@x"}`), "="):           `{"username": "ü?>","auth": "$","email":"e@x"}`,
		b64(`{"https://r/":{"username":"u","identitytoken":"` + secret + `"}}` + "\n"):            `{"https://r/":{"username":"u","identitytoken":"$"}}`,
		b64("{\n\"username\":\"u\"}"):        "{ \"username\":\"u\"}",
		b64(`{"registrytoken":"x"`):          "$",
		b64(`["x"]`) + "!":                   "$",
		b64(`"` + secret + `"`):              "$",
		`{"username":"u","auth":"x"}`:        `{"username":"u","auth":"$"}`,
		`{"username":"u"}`:                   `{"username":"u"}`,
		"e30=":                               "e30=",
		"bnVsbA==":                           "bnVsbA==",
		mask.Partial(5):                      "$",
		`{"auth":"` + mask.Partial(7) + `"}`: `{"auth":"$"}`,
	} {
		for _, name := range []string{"X-Registry-Auth", "x-registry-config"} {
			c := newConv()
			q := c.request(1, "/images/create", name+": "+in)
			if got := shown(q.Fields[0].Value); got != want {
				t.Errorf("%s\n got %s\nwant %s", in, got, want)
			}
			if same := q.Fields[0].Value == in; same != (q.Fields[0].Line != "") || same != (q.Masked == nil) {
				t.Errorf("%s: line %q, masked %q", in, q.Fields[0].Line, q.Masked)
			}
		}
	}
}

// TestNames: what the user names is masked wherever it has that name.
func TestNames(t *testing.T) {
	r := New(Options{Names: []string{"X-Custom", "wobble", ""}})
	c := conv{r, &wire.Conn{ID: 1}}
	q := c.request(1, "/x?Wobble="+secret+"&y=z", "x-custom: "+secret, "Y: z", "X-Custom \t: "+secret)
	if strings.Contains(q.Target, "S3C") || shown(q.Fields[0].Value) != "$" || q.Fields[1].Value != "z" || shown(q.Fields[2].Value) != "$" {
		t.Errorf("got %s, %+v", q.Target, q.Fields)
	}
	in := `{"WOBBLE":["` + secret + `",{"a":7}],"a":{"wobble":5},"b":{"x_custom":"` + secret + `"},"Env":["WOBBLE=` + secret + `"],"Labels":{"wobble":"` + secret + `"},"wobbles":"x"}`
	want := `{"WOBBLE":["$",{"$":"$"}],"a":{"wobble":"$"},"b":{"x_custom":"$"},"Env":["WOBBLE=$"],"Labels":{"wobble":"$"},"wobbles":"x"}`
	if m := c.message(1, wire.ToServer, wire.KindJSON, in); shown(string(m.Data)) != want {
		t.Errorf("got %s\nwant %s", m.Data, want)
	}
	if m := c.message(0, wire.ToClient, wire.KindRaw, "X-Custom: "+secret+"\r\nX-Other: y\r\n"); shown(string(m.Data)) != "X-Custom: $\r\nX-Other: y\r\n" {
		t.Errorf("raw: %s", m.Data)
	}
}

// TestCallMasked: what a request tells of its target has no more than the
// target that is shown.
func TestCallMasked(t *testing.T) {
	const secret = "ghp_SECRETvalueABCDEFGH0123SECRETvalueABCD"
	for _, target := range []string{"/v1.41/images/a%2F" + secret + "/push", "/v1.41/images/a/push?token=x1" + secret} {
		call, ok := dockerapi.Match("POST", target)
		if !ok {
			t.Fatalf("%s is nothing that is known", target)
		}
		c := newConv()
		q := c.r.Event(&wire.Request{Meta: c.meta(1, wire.ToServer), Method: "POST", Target: target, Call: call.Told()}).(*wire.Request)
		if strings.Contains(q.Call.Subject, secret) || q.Call != dockerapi.Tell("ImagePush", "POST", q.Target) {
			t.Errorf("%s: told %+v", q.Target, q.Call)
		}
	}
}
