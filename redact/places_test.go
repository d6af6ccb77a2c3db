package redact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact"
)

// secretNames are names that secrets go by in APIs and programs.
var secretNames = strings.Fields(`SecretString SecretBinary secretAccessKey SecretAccessKey SessionToken secret_key SecretData secretData secret_value secretValue
	clientSecret client_secret userPassword passwordHash password_hash passphrase Passphrase pwd passwd credentials Credentials apiKey api_key apikey x-api-key
	privateKey private_key privateKeyPem PrivateKey kubeconfig accessToken access_token refreshToken idToken id_token bearer authToken authorizationToken
	auth_token jwt sasToken connectionString ConnectionString dsn webhook_secret signingKey encryptionKey encryption_key master_key masterKey unsealKey unseal_key
	root_token otp totp pin cookie sessionId session_id csrfToken sshKey ssh_key preSharedKey psk PresharedKey wgPrivateKey license_key code client_assertion
	assertion SAMLResponse newPassword old_password confirmPassword password1 PASSWORD Password2 secrets secret_env stringData registrytoken identitytoken auth
	Authorization db_password githubToken MYSQL_PWD PRIVATE_X DB_PASS X-Vault-Token npm_config__authToken my.secret`)

// places are where a name and a value may stand, as "NAME" and "VALUE".
var places = map[string][]string{
	"JSON":                 {call("POST /x", isJSON, `{"a":{"NAME":"VALUE"},"b":["c"]}`), answer(isJSON, `[{"NAME":"VALUE"}]`)},
	"JSON deep":            {call("POST /x", isJSON, `{"a":1,"NAME":["VALUE"]}`), answer("", "")},
	"JSON in a string":     {call("POST /x", isJSON, `{"a":"{\"NAME\": \"VALUE\"}","b":"[{\"x\":\"{\\\"NAME\\\":\\\"VALUE\\\"}\"}]"}`), answer("", "")},
	"JSON in a field":      {call("GET /x", "X-Meta: {\"NAME\":\"VALUE\"}\r\n", ""), answer("", "")},
	"JSON escaped name":    {call("POST /x", isJSON, `{"\u00NXAME":"VALUE"}`), answer("", "")},
	"JSON, odd type":       {call("POST /x", "Content-Type: application/x-amz-json-1.1\r\n", `{"NAME":"VALUE"}`), answer("", "")},
	"JSON, no coding":      {call("POST /x", isJSON+"Content-Encoding: none\r\n", `{"NAME":"VALUE"}`), answer("", "")},
	"JSON, broken":         {call("POST /x", isJSON, `{"a" "b","NAME" : "VALUE"}`), answer("Content-Type: text/plain\r\n", "no: {\"NAME\":\"VALUE\"")},
	"byte order mark":      {call("POST /x", isJSON, "\xef\xbb\xbf"+`{"NAME":"VALUE"}`), answer("", "")},
	"guards":               {call("POST /x", "Content-Type: text/javascript\r\n", ")]}',\n"+`{"NAME":"VALUE"}`), answer("Content-Type: text/javascript\r\n", "/* x */ cb({\"NAME\":\"VALUE\"});")},
	"events":               {call("GET /x", "", ""), answer("Content-Type: text/event-stream\r\n", "event: a\ndata: {\"NAME\":\"VALUE\"}\n\n")},
	"envelopes":            {call("POST /x", "Content-Type: application/connect+json\r\n", "\x00\x00\x00\x00SIZE{\"NAME\":\"VALUE\"}"), answer("", "")},
	"form":                 {call("POST /x", "Content-Type: application/x-www-form-urlencoded\r\n", "a=b&NAME=VALUE&c=d"), answer("", "")},
	"form, untyped":        {call("POST /x", "Content-Type: application/octet-stream\r\n", "a=b&NAME=VALUE"), answer("", "")},
	"parts":                {call("POST /x", "Content-Type: multipart/form-data; boundary=B\r\n", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--B\r\nContent-Disposition: form-data; name=\"NAME\"\r\n\r\nVALUE\r\n--B--\r\n"), answer("", "")},
	"query":                {call("GET /x?a=b&NAME=VALUE&c", "", ""), answer("Location: https://h/y?&NAME=VALUE\r\n", "")},
	"query, semicolon":     {call("GET /x?a=b;NAME=VALUE", "", ""), answer("", "")},
	"fragment":             {call("GET /x#a=b&NAME=VALUE", "Referer: https://h/#NAME=VALUE\r\n", ""), answer("Location: /cb#NAME=VALUE&x=y\r\n", "")},
	"URL in JSON":          {call("POST /x", isJSON, `{"link":"see https://h/y?a=b&NAME=VALUE#x"}`), answer(isJSON, `{"html":"<a href='/y?a=b&amp;NAME=VALUE'>"}`)},
	"URL in logs":          {call("GET /v1.50/containers/x/logs?stdout=1", "", ""), "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: close\r\n\r\n" + "FRAME"},
	"field":                {call("GET /x", "NAME: VALUE\r\n", ""), answer("X-NAME: VALUE\r\n", "")},
	"field, tab":           {call("GET /x", "NAME\t: VALUE\r\n", ""), answer("", "")},
	"field, CR":            {call("GET /x", "X-NAME: a\rVALUE\r\n", ""), answer("", "")},
	"field, folded":        {call("GET /x", "X-NAME: a\r\n VALUE\r\n\tVALUE\r\n", ""), answer("", "")},
	"field, LF":            {"GET /x HTTP/1.1\nX-NAME: VALUE\n\n", answer("", "")},
	"trailer":              {"POST /x HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-NAME: VALUE\r\n\r\n", answer("", "")},
	"variable":             {call("POST /containers/create", isJSON, `{"Env":["NAME=VALUE"],"x":{"Env":{"NAME":"VALUE"}}}`), answer("", "")},
	"variable, text":       {call("POST /x", "Content-Type: text/plain\r\n", "A=b\nexport NAME=VALUE\nNAME='VALUE x'"), answer("", "")},
	"label":                {call("POST /containers/create", isJSON, `{"Labels":{"com.example.NAME":"VALUE"}}`), answer("", "")},
	"label, list":          {call("GET /info", "", ""), answer(isJSON, `{"Labels":["com.example.NAME=VALUE"]}`)},
	"flag, glued":          {call("POST /containers/create", isJSON, `{"Cmd":["x","--NAME=VALUE"],"Entrypoint":"x --NAME=VALUE y"}`), answer("", "")},
	"flag, spaced":         {call("POST /containers/create", isJSON, `{"Cmd":["x","--NAME","VALUE"],"Args":["-c","x --NAME VALUE -v"]}`), answer("", "")},
	"build argument":       {call("POST /build?buildargs=%7B%22NAME%22%3A%22VALUE%22%7D", "", ""), answer("", "")},
	"Dockerfile":           {call("GET /images/x/history", "", ""), answer(isJSON, `[{"CreatedBy":"ENV NAME=VALUE"},{"CreatedBy":"ENV NAME VALUE"}]`)},
	"no HTTP":              {"X-NAME: VALUE\r\n{\"NAME\": \"VALUE\", \"a\": 1}\r\nNAME=VALUE\r\n", ""},
	"chunks that are none": {"POST /x HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n{\"NAME\":\"VALUE\"}\r\n", answer("", "")},
}

// TestNamesInPlaces: the value behind each of these names is masked in each of these
// places, with the bytes in one piece and one by one.
func TestNamesInPlaces(t *testing.T) {
	for place, parts := range places {
		for _, name := range secretNames {
			if name == "code" && strings.Contains(strings.Join(parts, ""), "X-NAME") || name == "code" && strings.HasPrefix(place, "label") {
				continue // "X-code" may be anything
			}
			value := "V0xzqx7" + name[:1] + "zqx"
			escaped := fmt.Sprintf("%02x%s", name[0], name[1:])
			said := make([]string, len(parts))
			for i, p := range parts {
				p = strings.NewReplacer("NXAME", escaped, "NAME", name, "SIZE", string(rune(len(name)+len(value)+7))).Replace(p)
				p = strings.ReplaceAll(p, "FRAME", frame(1, "GET /y?a=b&"+name+"="+value[:4])+frame(1, value[4:]+" HTTP/1.1\n"))
				said[i] = sized(strings.ReplaceAll(p, "VALUE", value))
			}
			for _, bytewise := range []bool{false, true} {
				for _, ev := range converse(said, bytewise, redact.New(redact.Options{}).Event) {
					if s := show(ev); strings.Contains(s, "zqx") {
						t.Errorf("%s, %s (byte by byte: %t): %T %s", place, name, bytewise, ev, s)
					}
				}
			}
		}
	}
}

// sized corrects the Content-Length of a message, whose body was changed.
func sized(msg string) string {
	head, body, ok := strings.Cut(msg, "\r\n\r\n")
	i := strings.Index(head, "Content-Length: ")
	if !ok || i < 0 {
		return msg
	}
	return fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head[:i], len(body), body)
}
