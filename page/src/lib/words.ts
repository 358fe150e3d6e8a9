// What codes mean, in words.

const FORM_WORDS: Record<string, string> = { all: "All forms" };

/** A form id as a heading: "concentrate" -> "Concentrate". */
export function formText(form: string): string {
  return FORM_WORDS[form] ?? form.charAt(0).toUpperCase() + form.slice(1).replace(/[_-]/g, " ");
}

/** A place by its name in the result; its code when the result has none. */
export function placeText(places: Record<string, string>, code: string): string {
  return Object.hasOwn(places, code) ? places[code]! : code;
}

const SHORT: Record<string, string> = {
  EUO: "Other EU27",
  EU27: "EU27",
  OTH: "Rest of world",
  USA: "United States",
  GBR: "UK",
  ARE: "UAE",
};

/** A short name for a heading or a label on a chart. */
export function shortPlace(places: Record<string, string>, code: string): string {
  return SHORT[code] ?? placeText(places, code);
}

/** An event id in words: "mine-quota" -> "Mine quota". */
export function eventText(event: string): string {
  return event.charAt(0).toUpperCase() + event.slice(1).replace(/[_-]/g, " ");
}

const BASIS: Record<string, string> = {
  inside: "inside the country",
  border: "at the exporter's border",
  paid: "paid by buyers there, on average",
  marginal: "to the marginal buyer there",
};

export function basisText(basis: string): string {
  return BASIS[basis] ?? basis;
}

const STATUS: [RegExp, string][] = [
  [/\bno_supply\b/g, "no supply"],
  [/\binactive\b/g, "neither made nor used here"],
  [/\bbeyond_backstop\b/g, "above the price at which users stop buying"],
  [/\bfailed\b/g, "no draw solved"],
];

/** A status in words; "" for a price that is simply there. */
export function statusText(status: string): string {
  if (status === "active") return "";
  return STATUS.reduce((text, [code, words]) => text.replace(code, words), status).replace(/^active; /, "");
}

/** Why a value is missing. */
export function missingText(status: string): string {
  return statusText(status) || "not computed";
}

const GRADE: Record<string, string> = {
  A: "mostly facts: may be used for decisions",
  B: "facts and estimates: may be used for decisions",
  C: "mostly estimates: for screening only",
  D: "thin evidence: for screening only",
};

export function gradeText(grade: string): string {
  return GRADE[grade] ?? "";
}

export function isScreening(grade: string): boolean {
  return grade === "C" || grade === "D";
}
