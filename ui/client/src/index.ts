export * as clock from './clock';
export * as format from './format';
export * from './connection';
export * from './frames';
export type * from './generated';
export * from './rest';
export * from './market';
export * from './state';
