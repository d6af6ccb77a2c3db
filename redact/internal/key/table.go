package key

// keys are the JSON keys that mean something, as name.Fold has them. The first
// are those that Docker's daemon itself masks when it logs requests.
var keys = map[string]Key{
	"jointoken":    Secret | Deep,
	"password":     Secret | Deep | Number,
	"secret":       Secret,
	"signingcakey": Secret | Deep,
	"unlockkey":    Secret | Deep,
	"data":         Data,

	"auth":               Secret,
	"identitytoken":      Secret | Deep,
	"registrytoken":      Secret | Deep,
	"jointokens":         Tokens,
	"accesstoken":        Secret | Deep,
	"refreshtoken":       Secret | Deep,
	"sessiontoken":       Secret | Deep,
	"authtoken":          Secret | Deep,
	"apitoken":           Secret | Deep,
	"idtoken":            Secret | Deep,
	"token":              Secret,
	"apikey":             Secret | Deep,
	"secretkey":          Secret | Deep,
	"secretaccesskey":    Secret | Deep,
	"clientsecret":       Secret | Deep,
	"privatekey":         Secret | Deep,
	"passphrase":         Secret | Deep | Number,
	"passwd":             Secret | Deep | Number,
	"authorization":      Secret,
	"proxyauthorization": Secret,
	"xregistryauth":      Secret,
	"xregistryconfig":    Secret,

	"env":         Pairs,
	"labels":      Pairs,
	"buildargs":   Pairs,
	"options":     Pairs,
	"opts":        Pairs,
	"driveropts":  Pairs,
	"config":      Pairs,
	"annotations": Pairs,
	"attributes":  Pairs, // of what an event is about
	"httpheaders": Headers,

	"cmd":        Words,
	"entrypoint": Words,
	"args":       Words,
	"arguments":  Words,
	"command":    Words,
	"test":       Words, // of a health check
	"shell":      Words,
	"onbuild":    Text,
	"processes":  Text, // of top
	"createdby":  Text,
	"action":     Text,
	"status":     Text,
	"stream":     Text,
	"message":    Text,
	"error":      Text,
	"changes":    Text,

	"requestbody":     Quoted,
	"responsebody":    Quoted,
	"requestheaders":  Headers,
	"responseheaders": Headers,
	"requesturi":      Target,
}
