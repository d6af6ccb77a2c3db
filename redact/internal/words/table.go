package words

import "strings"

// kind says what a word does in a name that has others.
type kind uint8

const (
	describing kind = 1 << iota // as the last one: it is told of a thing
	containing                  // behind the others: it tells what the thing is written in
	opening                     // before "key": that opens nothing
	coding                      // before "code": that is a secret
	naming                      // as the last one, in what is a secret as a whole: it tells which one
)

// kinds are the words that say what those beside them are.
var kinds = each(map[string]kind{
	`name names id ids type types kind kinds url urls uri uris endpoint endpoints host hosts hostname port ports server servers
	address addresses addr ip ips dns domain network subnet region zone arn file files filename path paths dir dirs directory folder location
	count counts size sizes length len limit limits max min expiry expires expire expiration expired ttl age timeout duration lifetime validity
	policy policies bucket usage used uses format mode modes method methods mechanism mechanisms provider providers backend backends
	driver drivers algorithm algorithms algo alg version versions enabled enable disabled disable required require allowed supported valid
	prefix suffix field fields label labels pair pairs ref refs reference references from realm scheme schemes issuer audience
	scope scopes service services status state created updated changed modified time in date at rotation rotate interval hint level strength
	complexity class plugin plugins param parameter column index space board manager module spec specs description title template regex
	pattern placeholder source target user username login email account owner org group groups role roles cert certs certificate
	certificates ca crt pub public fingerprint thumbprint subject serial bits curve parallelism stdin through store stores helper helpers
	repo repository registry flow callback redirect challenge prompt reset history error errors tool tools kit checker validator
	generator parser reader writer keeper listener agent sock socket sockets serializer deserializer serde converter`: describing,
	`data value values string str text plain hash hashed pem base b hex raw bytes json material content contents`: containing,
	`public primary foreign sort partition cache routing group map index row detach socket idempotency surrogate hot shift object
	unique composite arrow page meta project event bundle range message translation query lookup dictionary field label column config
	setting registry property shortcut ctrl escape gpg pgp authorized known`: opening,
	`auth authorization device verification otp access security recovery backup invite invitation pin sms login reset totp mfa
	confirmation activation`: coding,
	`name names id ids type kind version file path mode driver expires expiry expiration scope external`: naming,
})

// meant are the words that tell of secrets.
var meant = each(map[string]Meaning{
	`password passwords passwd passwds passphrase passphrases passcode passcodes passkey pass pwd pw psk pin otp totp hotp`: Secret | Deep | Strict,
	`credential credentials cred creds bearer jwt jwts kubeconfig assertion private`:                                        Secret | Deep,
	`secret secrets token cookie cookies csrf xsrf`:                                                                         Secret | Members,
	`tokens`: Secret | Members | Count,
	`auth oauth authorization authentication signature sig dsn sessid sessionid`: Secret,
})

// pairs are two words that tell of a secret together.
var pairs = map[string]Meaning{
	"session id": Secret, "connection string": Secret, "conn string": Secret, "connection str": Secret, "conn str": Secret,
	"string data": Secret | Deep, "saml response": Secret, "code verifier": Secret,
}

// others are words that only look as if they ended with, or had in them, such a
// word.
var others = set(`bypass compass encompass trespass surpass overpass underpass monkey donkey turkey hockey jockey whiskey lackey secretary
	secretaries tokenize tokenized tokenizer tokenizers tokenization askpass passwordless`)

// asking are words that make a question of a name, which yes and no answer, as in
// "ALLOW_EMPTY_PASSWORD".
var asking = set(`allow random require has`)

// stems tell of secrets wherever they are in a word that is not known.
var stems = []stem{
	{"password", Secret | Deep | Strict}, {"passwd", Secret | Deep | Strict}, {"passphrase", Secret | Deep | Strict},
	{"secret", Secret | Members}, {"token", Secret | Members}, {"credential", Secret | Deep}, {"apikey", Secret | Deep},
	{"accesskey", Secret | Deep}, {"privatekey", Secret | Deep}, {"sessionid", Secret}, {"sessid", Secret}, {"kubeconfig", Secret | Deep},
	{"authorization", Secret}, {"connectionstring", Secret}, {"connstr", Secret}, {"stringdata", Secret | Deep}, {"samlresponse", Secret},
}

// tails tell of secrets at the end of such a word.
var tails = []stem{{"key", Secret | Deep}, {"keys", Secret | Deep}, {"pass", Secret | Deep | Strict}, {"pwd", Secret | Deep | Strict}, {"auth", Secret}}

// stem is a part of a word.
type stem struct {
	text string
	m    Meaning
}

// each has all that the words in the lists are, by word.
func each[T ~uint8 | ~uint16](lists map[string]T) map[string]T {
	all := make(map[string]T)
	for words, what := range lists {
		for w := range strings.FieldsSeq(words) {
			all[w] |= what
		}
	}
	return all
}

// set has the words in a list.
func set(list string) map[string]bool {
	all := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		all[w] = true
	}
	return all
}
