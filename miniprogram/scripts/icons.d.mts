export function names(): string[];
export function css(): string;
export function types(): string;
