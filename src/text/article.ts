/** Sounds like "you" or "won", whatever the letter. */
const vowelLetterConsonantSound = /^(?:uni(?!n|m)|use|usa|usu|uti|uto|eu|ewe|one|once)/i;
const silentH = /^(?:hour|honest|hono|heir)/i;
/** Read letter by letter, as capitals before anything but a small letter are: `HTTP`, `NFSVolume`, `UTF-8`. */
const initials = /^[A-Z](?=[A-Z](?:[^a-z]|$)|[A-Z][A-Z]|[^A-Za-z]|$)/;
const initialsWithVowelSound = new Set('AEFHILMNORSX');
/** Capitals that are read as a word. */
const spokenInitials = /^(?:LAN|LUN|NAT|RAID|RAM|REST|ROSA|SAML|SAN|SIG)(?![a-z])/;

/** A word behind its indefinite article, by its sound: `an Event`, `a UserIdentity`, `an HTTPRoute`, `a UTF-8`. */
export function withArticle(word: string): string {
  return `${beginsWithVowelSound(word) ? 'an' : 'a'} ${word}`;
}

function beginsWithVowelSound(word: string): boolean {
  if (/^\d/.test(word)) return /^(?:8|1[18](?!\d))/.test(word);
  if (initials.test(word) && !spokenInitials.test(word)) return initialsWithVowelSound.has(word.charAt(0));
  if (silentH.test(word)) return true;
  return /^[aeiou]/i.test(word) && !vowelLetterConsonantSound.test(word);
}
