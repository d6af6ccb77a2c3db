package words

import (
	"strings"
	"testing"
)

// TestFilter: what has none of the letters that names of secrets have is told apart
// at once, and only that.
func TestFilter(t *testing.T) {
	for s, want := range map[string]bool{
		"": false, "a": false, "name": false, "content-type": false, "x y z": false, "pw": true, "PW": true, "xpw": true, "pwx": true, "p_w": false, "pa s": false, "pas": true, "PAS": true, "a pin": true,
	} {
		if got := May([]byte(s)); got != want {
			t.Errorf("%q: %t", s, got)
		}
		if got := MayIn([]byte(s)); got != want {
			t.Errorf("text %q: %t", s, got)
		}
	}
	for s, want := range map[string][2]bool{"a\u017f": {true, true}, "a\u212a": {true, true}, "aé": {true, false}, "\x80": {true, false}, "\x7f": {false, false}} {
		if got := [2]bool{May([]byte(s)), MayIn([]byte(s))}; got != want {
			t.Errorf("%q: %t", s, got)
		}
	}
	if long := strings.Repeat("x", 96-2); May([]byte("pas"+long)) || !May([]byte("as"+"pas"+long[3:])) || !MayIn([]byte("pas"+long)) {
		t.Error("of a long name the end counts")
	}
}

// TestSaid: what each word, part of a word and pair of words says.
func TestSaid(t *testing.T) {
	const deep, strict, members = Secret | Deep, Secret | Deep | Strict, Secret | Members
	for names, want := range map[string]Meaning{
		"password passwords passwd passwds passphrase passphrases passcode passcodes passkey pass psk pin otp totp hotp pw db_pwd":                              strict,
		"credential credentials cred creds bearer jwt jwts kubeconfig assertion private":                                                                        deep,
		"secret secrets token cookie cookies csrf xsrf":                                                                                                         members,
		"auth oauth authorization authentication signature sig dsn sessid sessionid":                                                                            Secret,
		"session_id connection_string conn_string connection_str conn_str saml_response code_verifier":                                                          Secret,
		"xpassword xpasswd xpassphrase xpasswordx xpasswdx xpassphrasex xpass xpwd":                                                                             strict,
		"string_data xcredential xapikey xaccesskey xprivatekey xkubeconfig xstringdata xcredentialx xapikeyx xaccesskeyx xprivatekeyx xkubeconfigx xkey xkeys": deep,
		"xsecret xtoken xsecretx xtokenx": members,
		"xsessionid xsessid xauthorization xconnectionstring xconnstr xsamlresponse xsessidx xauthorizationx xconnstrx xauth": Secret,
		"pass_word pass_phrase": strict,
		"bypass compass encompass trespass surpass overpass underpass monkey donkey turkey hockey jockey whiskey lackey secretary secretaries tokenize tokenized tokenizer tokenizers tokenization askpass passwordless": 0,
	} {
		for _, name := range strings.Fields(names) {
			if got := Of([]byte(name)); got != want {
				t.Errorf("%s: got %b, want %b", name, got, want)
			}
		}
	}
}

// TestBorders: where a word begins, and what is a letter.
func TestBorders(t *testing.T) {
	const pin = Secret | Deep | Strict
	for name, want := range map[string]Meaning{
		"pin": pin, "iPin": pin, "ipin": 0, "dbPIN": pin, "dbpin": 0, "XMLPin": pin, "XMLPIN": 0, "XYPw": pin, "xypw": 0, "PINs": 0, "pin\x7f": pin, "pin\x80": 0, "pin\xc3\xa9": 0, "pin2": pin, "2pin": pin,
		"pin[": pin, "[pin": pin, "pin@": pin, "pin{": pin, "`pin": pin, "KEYsX": Secret | Deep | Weak, "07": 0, "pin_a_b": pin, "REQUIRE_TOKEN": Secret | Members, "RANDOM_PIN": pin | Asks, "pass_word": pin, "x_word": 0, "passPhrase": pin,
		"key_value": Secret | Deep, "key_foo": Secret | Deep | Weak, "my_key_foo": Secret | Deep, "sort_key": 0, "reset_code_foo": 0, "reset_code": Secret | Code, "reset_code_hex": Secret | Code, "auth_code_value": Secret | Code, "zip_code": 0,
	} {
		if got := Of([]byte(name)); got != want {
			t.Errorf("%q: got %b, want %b", name, got, want)
		}
	}
	if middle := strings.Repeat("a_", 24+6) + "pin_a_b"; Of([]byte(middle)) != pin {
		t.Errorf("%q: got %b", middle, Of([]byte(middle)))
	}
}
