package key

// keys are the JSON keys that mean something beside what their words say, as
// name.Fold has them.
var keys = map[string]Key{
	"data":  Data,
	"value": Data, // what a plugin answers that provides secrets

	"name": Called,
	"key":  Called,

	"snapshotkey": 0, // the name of a snapshot of containerd's

	"xregistryconfig": Secret,
	"stringdata":      Secret | Deep,

	"username":      Shown,
	"email":         Shown,
	"serveraddress": Shown,

	"env":         Pairs,
	"labels":      Pairs,
	"label":       Pairs, // of filters
	"label!":      Pairs,
	"buildargs":   Pairs,
	"options":     Pairs,
	"opts":        Pairs,
	"driveropts":  Pairs,
	"config":      Pairs,
	"annotations": Pairs,
	"attributes":  Pairs, // of what an event is about
	"httpheaders": Headers,
	"plugins":     Names,

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
	"status":     Text | Shown,
	"stream":     Text,
	"message":    Text | Shown,
	"error":      Text | Shown,
	"changes":    Text,
	"comment":    Text, // of a commit, in what an image and its history tell

	"requestbody":     Quoted,
	"responsebody":    Quoted,
	"requestheaders":  Headers,
	"responseheaders": Headers,
	"requesturi":      Target,
}
